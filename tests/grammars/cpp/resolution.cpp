#include <map>
#include <vector>
#include "cache.hpp"

#define CACHE_LIMIT 64 // @CACHE_LIMIT

using namespace std;
//              ^ -> none
using namespace std::chrono;
//              ^ -> none
//                   ^ -> member
using std::string; // @string
//         ^ -> here
using Bytes = std::vector<unsigned char>; // @Bytes
//    ^ -> here
//            ^ -> none
//                 ^ -> member

class Clock; // @Clock
//    ^ -> here

namespace store { // @store
//        ^ -> here

class Backend { // @Backend
 public:
  virtual ~Backend() = default;
  //       ^ -> @Backend
  virtual int load(const string &key) = 0; // @load
  //          ^ -> here
  //                     ^ -> @string
  //                             ^ -> here
  int errors = 0; // @errors
  //  ^ -> here
};

namespace detail { // @detail
int depth = 0; // @depth
//  ^ -> here
int deeper() { return depth + 1; } // @deeper
//  ^ -> here
//                    ^ -> @depth
}

enum class Policy { Oldest, Largest = Oldest + 1 }; // @Policy
//                                    ^ -> @Policy
enum Mode { Fast, Careful }; // @Mode

template <typename Key, typename Value, int N = CACHE_LIMIT> // @template
//                 ^ -> here
//                                          ^ -> here
//                                              ^ -> @CACHE_LIMIT
class Cache : public Backend { // @Cache
//    ^ -> here
//                   ^ -> @Backend
 public:
  using Entry = std::pair<Key, Value>; // @Entry
  //    ^ -> here
  //                      ^ -> @template
  //                           ^ -> @template

  explicit Cache(Clock *clock, int limit = N) // @constructor
  //       ^ -> @Cache
  //             ^ -> @Clock
  //                                       ^ -> @template
      : clock_(clock), limit_{limit} {
//      ^ -> @clock_
      //       ^ -> @constructor
      //               ^ -> @limit_
      //                      ^ -> @constructor
    count++;
//  ^ -> @count
    reset();
//  ^ -> @reset
  }
  ~Cache() { flush(Mode::Fast); }
// ^ -> @Cache
  //         ^ -> @flush
  //               ^ -> @Mode
  //                     ^ -> member

  int load(const string &key) override { // @cache-load
  //  ^ -> here
    auto found = entries_.find(key); // @found
    //           ^ -> @entries_
    //                    ^ -> member
    //                         ^ -> @cache-load
    if (auto hit = found; hit != entries_.end()) { // @hit
    //             ^ -> @found
    //                    ^ -> @hit
      return hit->second;
      //     ^ -> @hit
      //          ^ -> member
    }
    hit = 0;
//  ^ -> none
    return this->errors + detail::deeper();
    //           ^ -> member
    //                    ^ -> @detail
    //                            ^ -> member
  }

  template <typename Visitor> // @visitor-template
  //                 ^ -> here
  void visit(Visitor &&visitor) { // @visit
  //   ^ -> here
  //         ^ -> @visitor-template
    for (const auto &[key, value] : entries_) { // @visited
      visitor(key, value);
//    ^ -> @visit
      //      ^ -> @visited
      //           ^ -> @visited
    }
    value = 0;
//  ^ -> none
    visit(visitor);
//  ^ -> @visit
  }

  Cache &operator=(const Cache &other) { return *this; }
  //                     ^ -> @Cache
  //                            ^ -> here
  Entry &first() { return slots_[0]; } // @first
  //     ^ -> here
  //                      ^ -> @slots_

  static int count; // @count
  //         ^ -> here

 private:
  struct Slot { // @Slot
  //     ^ -> here
    int age; // @age
    int older() const { return age + 1; }
    //                         ^ -> @age
    Entry entry;
//  ^ -> @Entry
  };
  enum { Clean, Dirty }; // @Dirty
  union {
    int as_int; // @as_int
    float as_float;
  };

  void flush(Mode mode); // @flush
  void reset() { // @reset
    limit_ = as_int + Dirty;
//  ^ -> @limit_
    //       ^ -> @as_int
    //                ^ -> @Dirty
    Slot slot; // @reset-slot
//  ^ -> @Slot
    slot.age = detail::depth;
//  ^ -> @reset-slot
    //   ^ -> member
    //         ^ -> @detail
    age = 0;
//  ^ -> none
  }

  Clock *clock_; // @clock_
  // <- -> @Clock
  int limit_ = CACHE_LIMIT; // @limit_
  //           ^ -> @CACHE_LIMIT
  std::map<Key, Value> entries_; // @entries_
  //            ^ -> @template
  Entry slots_[N]; // @slots_
  //           ^ -> @template
};

template <typename K, typename V, int N> // @outside
void Cache<K, V, N>::flush(Mode mode) { // @flush-body
//   ^ -> @Cache
//         ^ -> @outside
//               ^ -> @outside
//                   ^ -> member
//                         ^ -> @Mode
  if (mode == Careful) return;
  //  ^ -> @flush-body
  //          ^ -> @Mode
}

template <typename T, typename... Rest> // @variadic
T largest(T first, Rest... rest) { // @largest
  // <- -> here
//          ^ -> here
  return max(first, largest<T>(rest...));
  //     ^ -> none
  //         ^ -> @largest
  //                ^ -> @largest
  //                        ^ -> @variadic
  //                           ^ -> @largest
}

template <typename T>
concept Sized = requires(T t) { t.size(); }; // @Sized
//      ^ -> here
//                         ^ -> here
//                              ^ -> @Sized

template <Sized Container> // @sized-template
//        ^ -> @Sized
//              ^ -> here
int size_of(const Container &container) { // @size_of
//                ^ -> @sized-template
  return container.size();
  //     ^ -> @size_of
}

}  // namespace store

namespace short_name = store::detail; // @short_name
//                     ^ -> @store

namespace {
int hidden = 1; // @hidden
}

int store::Registry::lookup(int id) { // @lookup
//  ^ -> @store
//         ^ -> member
//                   ^ -> member
//                              ^ -> here
  return id + hidden;
  //     ^ -> @lookup
  //          ^ -> @hidden
}

int main(int argc, char *argv[]) { // @main
//  ^ -> here
  store::Cache<string, int> cache(nullptr); // @cache
  // <- -> @store
  //     ^ -> member
  Bytes bytes(argc); // @bytes
  // <- -> @Bytes
  //          ^ -> @main
  int total = 0, *where = &total; // @total
  //                       ^ -> @total
  const auto &alias = cache; // @alias
  //                  ^ -> @cache
  auto [left, right] = split(bytes); // @split
  //    ^ -> here
  //                         ^ -> @bytes

  auto add = [&total, argc, start = total, total2 = 1](int by) mutable -> int { // @add
  //           ^ -> @total
  //                  ^ -> @main
  //                                ^ -> @total
  //                                                       ^ -> here
    total += by + start + total2;
//  ^ -> @total
    //       ^ -> @add
    //            ^ -> @add
    //                    ^ -> @add
    int total = by; // @lambda-total
    //          ^ -> @add
    return total;
    //     ^ -> @lambda-total
  };
  start = 0;
  // <- -> none
  by = 0;
  // <- -> none
  auto same = [left = left](auto item) { return item + left; }; // @same
  //           ^ -> here
  //                  ^ -> @split
  //                                            ^ -> @same
  //                                                   ^ -> @same

  for (auto right : right) { // @loop
  //                ^ -> @split
    right.use(left);
//  ^ -> @loop
    //        ^ -> @split
  }
  right.use();
  // <- -> @split
  for (int i = 0; i < 3; i++) { // @for
  //              ^ -> @for
    int total = i; // @for-total
    //          ^ -> @for
    *where = total;
//   ^ -> @total
    //       ^ -> @for-total
  }
  try {
    add(static_cast<Bytes>(1));
//  ^ -> @add
    //              ^ -> @Bytes
    throw Failure(total);
    //    ^ -> none
    //            ^ -> @total
  } catch (const std::exception &error) { // @error
  //             ^ -> none
    error.what();
//  ^ -> @error
    //    ^ -> member
  }
  while (int left = next()) { // @while
    left = 1;
//  ^ -> @while
  }
  switch (auto mode = store::Fast; mode) { // @switch
  //                  ^ -> @store
  //                               ^ -> @switch
    case store::Policy::Oldest:
    //          ^ -> member
    //                  ^ -> member
      goto end;
      //   ^ -> @end
  }
  struct Local { int value; } local; // @Local
  Local *other = new Local{local.value}; // @other
  // <- -> @Local
  //                 ^ -> @Local
  //                       ^ -> @Local
  delete other;
  //     ^ -> @other
  short_name::deeper();
  // <- -> @short_name
end: // @end
  return ::size_of(alias);
  //       ^ -> none
  //               ^ -> @alias
}

extern "C" {
int c_entry(void); // @c_entry
//  ^ -> here
int c_caller(void) { return c_entry() + main(0, nullptr); }
//                          ^ -> @c_entry
//                                      ^ -> @main
}
