#include "cache.hpp"
using std::string;
//         ^ tag.reference.import
using namespace std::chrono;
//                   ^ !tag.reference

namespace store {
//        ^ tag.definition.module
//        ^ name

int counter, limit = 3, table[2];
//  ^ tag.definition.variable
//           ^ tag.definition.variable
//                      ^ tag.definition.variable
int declared(int a);
//  ^ tag.definition.function
class Clock;
//    ^ tag.reference.type

class Cache : public Backend, private other::Base {
//    ^ tag.definition.class
//                   ^ tag.reference.type
//                                           ^ tag.reference.type
 public:
  Cache(int limit) : limit_(limit) {}
  //        ^ !tag.definition
  int load(const Key &key) { return limit_; }
  //  ^ tag.definition.method
  //             ^ tag.reference.type
  int *data() { return nullptr; }
  //   ^ tag.definition.method
  void flush(Mode mode = Mode::Fast);
  //   ^ tag.definition.method
  //         ^ tag.reference.type
  //                     ^ !tag.reference
  const int &first();
  //         ^ tag.definition.method

 private:
  int limit_, *slots_;
  //  ^ tag.definition.variable
  //           ^ tag.definition.variable
};

using Bytes = std::vector<Byte>;
//    ^ tag.definition.type
//                 ^ tag.reference.type
//                        ^ tag.reference.type

template <typename T>
concept Sized = true;
//      ^ tag.definition.type

template <typename T>
T largest(T first);
  // <- tag.definition.function
//          ^ !tag.definition

template <typename T>
T smallest(T first) {
  // <- tag.definition.function
  return largest<T>(first);
  //     ^ tag.reference.call
  //             ^ tag.reference.type
  //                ^ tag.reference.name
}

}  // namespace store

void store::Cache::flush(Mode mode) {
//                 ^ tag.definition.method
  auto local = store::declared(1);
  //   ^ !tag.definition
  //                  ^ tag.reference.call
  other->close();
  //     ^ tag.reference.call
  item.as<int>();
  //   ^ tag.reference.call
  store::detail::deep();
  //             ^ tag.reference.call
  static_cast<int>(local);
  // <- !tag.reference
  throw Failure(1);
  //    ^ tag.reference.call
}

int &store::slot() { return *new Slot{1}; }
//          ^ tag.definition.method
//                               ^ tag.reference.type
int *store::slots() { return nullptr; }
//          ^ tag.definition.method
int &global() { return store::counter; }
//   ^ tag.definition.function
