/** Adds. */
static int add(int a, const char *b[], ...) {
//     ^ result
//         ^ definition.function
//         ^ name
//            ^ parameters
//                                          ^ body
    return a;
}

char *copy(const char *s) { abort(); }
// <- result
//    ^ definition.function
//        ^ parameters
//                          ^ stub

struct node **children(void) { }
// <- result
//            ^ definition.function

char ***deep(void) { __builtin_unreachable(); }
//      ^ definition.function
//                   ^ stub

int (*pick(int kind))(int) { assert(0 && "not implemented"); }
//    ^ definition.function
//        ^ parameters
//                           ^ stub

int (guarded)(int a) { assert(!"TODO"); }
//   ^ definition.function
//           ^ parameters
//                     ^ stub

int declared(int a);
//  ^ !definition.function

int never(void) {
//  ^ definition.function
    assert(0);
//  ^ stub
    assert(false);
//  ^ stub
    assert(1);
//  ^ !stub
    assert(0 && "the caller has checked this");
//  ^ !stub
    abort(1);
//  ^ !stub
    die();
//  ^ !stub
}

int lone(void) { /* TODO: find it */ return -1; }
//  ^ definition.function
//                                   ^ stub

void *beside(void) { return NULL; /* FIXME */ }
//    ^ definition.function
//                   ^ stub

int answers(void) { /* Always none. */ return 0; }
//  ^ definition.function
//                                     ^ !stub

int computes(int a) { /* TODO: faster */ return a; }
//  ^ definition.function
//                                       ^ !stub

#ifdef OLD
int old_style(a) int a; { return a; }
//  ^ definition.function
//                      ^ body
#endif

__attribute__((noreturn)) void marked(void) { for (;;) ; }
//                             ^ definition.function

struct point { int x; };
//     ^ definition.class
//           ^ body

typedef struct node { struct node *next; } node_t;
//             ^ definition.class
//                           ^ !definition.class

typedef struct { int x; } pair_t, *pair_ref;
//             ^ body
//                        ^ definition.class
//                                 ^ !definition.class

typedef enum { A, B } letter;
//                    ^ definition.class

typedef union { int i; float f; } number_t;
//                                ^ definition.class

typedef struct point point_t;
//                   ^ !definition.class

union number { int i; float f; };
//    ^ definition.class

enum color { RED, GREEN };
//   ^ definition.class
//         ^ body

struct opaque;
//     ^ !definition.class
