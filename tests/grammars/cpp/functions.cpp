namespace store {
//        ^ definition.class
//        ^ name
//              ^ body

int free_function(int a) { return a; }
//  ^ definition.function

/// A box.
template <typename T>
class Box : public Base<T> {
//    ^ definition.class
//                         ^ body
 public:
  explicit Box(int a) : x_(a) {}
  //       ^ definition.function
  //          ^ parameters
  //                          ^ body
  Box() = default;
  //      ^ !definition.function
  ~Box() {}
  // <- definition.function
  T get() const override { return x_; }
  // <- result
//  ^ definition.function
  //   ^ parameters
  int declared(int a);
  //  ^ !definition.function
  virtual void pure() = 0;
  //           ^ !definition.function
  Box &operator=(const Box &o) { return *this; }
  //   ^ definition.function
  operator bool() const { return true; }
  // <- definition.function
  int *data() { return nullptr; }
  //   ^ definition.function
  const int &front() { return x_; }
  //         ^ definition.function
  template <typename U>
  U convert(U u) { return u; }
//  ^ definition.function
  friend bool operator==(const Box &a, const Box &b) { return true; }
  //          ^ definition.function

  struct Inner { int a; };
  //     ^ definition.class
};

}  // namespace store

template <typename T>
T Box<T>::get() const {
// <- result
//        ^ definition.function
//           ^ parameters
  throw std::logic_error("not implemented");
  // <- stub
}

int a::b::nested(int x) { throw std::runtime_error{"TODO: nested"}; }
//        ^ definition.function
//                        ^ stub

Box::Box(int a) noexcept : m(a) { throw NotImplemented(); }
//   ^ definition.function
//                                ^ stub
Box::~Box() { std::abort(); }
//   ^ definition.function
//            ^ stub
Box &Box::operator+=(const Box &o) { throw "not implemented"; }
//        ^ definition.function
//                                   ^ stub
Box::operator int() const { return 1; }
//   ^ definition.function
const std::string &a::Box::name(int = 3) const { return s; }
//                         ^ definition.function
int *Box::raw() { return nullptr; }
//        ^ definition.function

auto trailing(int a) -> int { assert(false && "unimplemented"); }
//   ^ definition.function
//                            ^ stub
int &reference(int &&a) { return a; }
//   ^ definition.function

std::vector<int> lone() { /* TODO: read them */ return {}; }
//               ^ definition.function
//                                              ^ stub
std::vector<int> empty() { /* None are there. */ return {}; }
//               ^ definition.function
//                                               ^ !stub

void fails() {
//   ^ definition.function
  throw std::runtime_error("no such file");
  // <- !stub
  throw failure;
  // <- !stub
  throw;
  // <- !stub
  std::exit(1);
  // <- !stub
  auto lambda = [](int a) { return a; };
  //            ^ !definition.function
}

template <>
struct Box<int> { int x; };
//     ^ definition.class

template <>
int spec<int>(int a) { return a; }
//  ^ definition.function

struct a::Qualified { };
//        ^ definition.class
class a::Other { };
//       ^ definition.class
class Forward;
//    ^ !definition.class
enum class Policy : int { A, B };
//         ^ definition.class
struct Plain final : Base { };
//     ^ definition.class
union Number { int i; };
//    ^ definition.class
namespace a::b { }
//        ^ definition.class
namespace { int hidden; }
//        ^ !definition.class
extern "C" int c_entry(int a) { return a; }
//             ^ definition.function
