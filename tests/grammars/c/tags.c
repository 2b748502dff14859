#include "ring.h"
#define LIMIT 3
//      ^ tag.definition.macro
//      ^ name
#define TWICE(x) ((x) * 2)
//      ^ tag.definition.macro
//            ^ !tag.definition

int declared(int a), counter;
//  ^ tag.definition.function
//                   ^ tag.definition.variable
char *name_of(int a);
//    ^ tag.definition.function
static int table[] = { LIMIT }, *latest = &counter;
//         ^ tag.definition.variable
//                     ^ tag.reference.name
//                               ^ tag.definition.variable
extern struct ring *first;
//            ^ tag.reference.type
//                  ^ tag.definition.variable

#ifdef WITH_TRACE
void trace(const char *message);
//   ^ tag.definition.function
int traced = 0;
//  ^ tag.definition.variable
#endif
#if LIMIT > 2
void limit(void);
//   ^ tag.definition.function
#endif

struct ring {
//     ^ tag.definition.class
    slot_t head;
//  ^ tag.reference.type
    //     ^ !tag.definition
};
enum state { EMPTY, FULL = 2 };
//   ^ tag.definition.class
//           ^ tag.definition.constant
//                  ^ tag.definition.constant
union number { int i; };
//    ^ tag.definition.class
typedef unsigned slot_t, *slot_ref;
//               ^ tag.definition.type
//                        ^ tag.definition.type
typedef int (*visitor)(struct ring *ring);
//            ^ tag.definition.type
typedef int callback(int);
//          ^ tag.definition.type

static slot_t push(visitor visit)
//     ^ tag.reference.type
//            ^ tag.definition.function
//                 ^ tag.reference.type
{
    int local = declared(1);
    //  ^ !tag.definition
    //          ^ tag.reference.call
    struct ring ring = { .head = LIMIT };
    //                           ^ tag.reference.name
    ring.visit(push);
    //   ^ tag.reference.call
    //         ^ tag.reference.name
    visit = declared;
    //      ^ tag.reference.name
    return (slot_t)local;
    //      ^ tag.reference.type
}

char **names(void) { }
//     ^ tag.definition.function
int (*pick(int kind))(int) { }
//    ^ tag.definition.function
int (guarded)(int kind) { }
//   ^ tag.definition.function
