#include <stddef.h>
#include "ring.h"

#define CAPACITY 16 // @CAPACITY
//      ^ -> here
#define ADVANCE(ring, by) ((ring)->head = ((ring)->head + (by)) % CAPACITY) // @ADVANCE
#ifdef WITH_TRACE
//     ^ -> none
#define TRACE(message) trace(message) // @TRACE
#endif

struct ring; // @forward

typedef unsigned int slot_t; // @slot_t
//                   ^ -> here
typedef int (*visitor)(struct ring *ring, slot_t slot, void *context); // @visitor
//            ^ -> here
//                            ^ -> @forward
//                                        ^ -> @slot_t
//                                                           ^ -> here

enum state { EMPTY, PARTIAL = EMPTY + 1, FULL }; // @state
//   ^ -> here
//                            ^ -> @state

struct ring { // @ring
    slot_t head, *marks;
    //            ^ -> member
    int values[CAPACITY];
    //         ^ -> @CAPACITY
    enum state state;
    //   ^ -> @state
    struct ring *next;
    //     ^ -> @ring
    struct stats { // @stats
        unsigned reads : 4;
        enum { COLD, WARM } warmth; // @warmth
    } stats;
    visitor visit;
//  ^ -> @visitor
};

union number { // @number-tag
    int i;
    float f;
};

static int n_rings = CAPACITY, *latest = &n_rings; // @n_rings
//         ^ -> here
//                   ^ -> @CAPACITY
//                                        ^ -> @n_rings
extern struct ring rings[]; // @rings
//            ^ -> @ring

static int wrap(int index, int limit); // @wrap-prototype
//         ^ -> here
//                             ^ -> here
void declared(int a, const char *); // @declared
//   ^ -> here

/* Puts a value into the ring. */
int push(struct ring *ring, int value) // @push
//  ^ -> here
//              ^ -> @ring
//                    ^ -> here
{
    struct stats *stats = &ring->stats; // @stats-local
    //     ^ -> @stats
    //                     ^ -> @push
    //                           ^ -> member
    slot_t at = ring->head; // @at
    //          ^ -> @push
    //                ^ -> member
    ADVANCE(ring, 1);
//  ^ -> @ADVANCE
    ring->values[wrap(at, CAPACITY)] = value;
    //    ^ -> member
    //           ^ -> @wrap
    //                ^ -> @at
    //                    ^ -> @CAPACITY
    //                                 ^ -> @push
    stats->warmth = WARM;
//  ^ -> @stats-local
    //              ^ -> @warmth
    declared(1, "a");
//  ^ -> @declared
    later();
//  ^ -> @later
    printf("%d", n_rings);
//  ^ -> none
    //           ^ -> @n_rings
    return ring->state == FULL;
    //                    ^ -> @state
}

static int wrap(int index, int limit) // @wrap
{
    return index % limit;
    //     ^ -> @wrap
    //             ^ -> @wrap
}

char *name_of(const struct ring *ring, char **out, int lengths[], visitor visit) // @name_of
//    ^ -> here
//                                            ^ -> here
//                                                                        ^ -> here
{
    *out = name_of(ring, out, lengths, visit);
//   ^ -> @name_of
    //     ^ -> @name_of
    //             ^ -> @name_of
    //                        ^ -> @name_of
    //                                 ^ -> @name_of
    return *out;
}

int (*pick(int kind))(int) // @pick
//    ^ -> here
{
    return kind ? twice : 0;
    //     ^ -> @pick
    //            ^ -> none
}

int shadowing( // @shadowing
    int n) // @n
{
    int total = n, n_rings = total; // @total
    //          ^ -> @n
    //                       ^ -> @total
    n_rings += 1;
//  ^ -> @total
    for (int i = 0, n = 3; i < n; i++) { // @for
    //                     ^ -> @for
    //                         ^ -> @for
    //                            ^ -> @for
        int total = i; // @inner-total
        //          ^ -> @for
        total += n;
//      ^ -> @inner-total
        //       ^ -> @for
        {
            int before = total; // @before
            //           ^ -> @inner-total
            float total = before; // @innermost
            //            ^ -> @before
            total *= 2;
//          ^ -> @innermost
        }
        before = 0;
//      ^ -> none
    }
    i = 0;
//  ^ -> none
    return total + n;
    //     ^ -> @total
    //             ^ -> @n
}

void pointers(void)
{
    int (*fn)(int unused) = shadowing; // @fn
    //    ^ -> here
    //            ^ -> here
    //                      ^ -> @shadowing
    int (*table[3])(int), matrix[2][3], **deep; // @table
    struct ring local = { .head = 1, .values = { [EMPTY] = fn(2) } }; // @local
    //                     ^ -> member
    //                                            ^ -> @state
    //                                                     ^ -> @fn
    union number number; // @number
    //    ^ -> @number-tag
    table[0] = fn;
//  ^ -> @table
    //         ^ -> @fn
    matrix[1][2] = **deep;
//  ^ -> @table
    //               ^ -> @table
    number.i = sizeof(struct ring) + sizeof(slot_t) + sizeof local;
//  ^ -> @number
    //     ^ -> member
    //                       ^ -> @ring
    //                                      ^ -> @slot_t
    //                                                       ^ -> @local
    (visitor)fn;
//   ^ -> @visitor
    //       ^ -> @fn
    unused = offsetof(struct ring, next);
//  ^ -> none
    //                             ^ -> member
}

int jumps(enum state state) // @jumps
{
    struct { int x; } anonymous = { 0 }; // @anonymous
    //                ^ -> here
    typedef struct pair { int a, b; } pair_t; // @pair
    pair_t pair = { 1, 2 }; // @pair-local
//  ^ -> @pair
    if (anonymous.x)
    //  ^ -> @anonymous
        goto done;
        //   ^ -> @done
    switch (state) {
    //      ^ -> @jumps
    case EMPTY:
    //   ^ -> @state
        goto again;
        //   ^ -> @again
    case COLD:
    //   ^ -> @warmth
    default:
        break;
    }
again: // @again
// <- -> here
    pair.a++;
//  ^ -> @pair-local
    TRACE("again");
//  ^ -> @TRACE
done: // @done
// <- -> here
    return pair.b;
    //     ^ -> @pair-local
}

__attribute__((unused, format(printf, 1, 2))) static void later(void) // @later
//             ^ -> member
//                            ^ -> member
{
    pair_t pair;
    //     ^ -> here
    struct pair *other;
    //     ^ -> none
    struct unknown *opaque;
    //     ^ -> none
}

typedef struct { int x, y; } point, *point_ref; // @point
//                           ^ -> here
//                                   ^ -> here

static const point origin = { 0, 0 }; // @origin
//           ^ -> @point
static point_ref refs[] = { &origin }; // @refs
//     ^ -> @point
//                           ^ -> @origin
int n_refs = sizeof refs / sizeof *refs;
//                  ^ -> @refs

int old_style(first, second) // @old
    int first;
    //  ^ -> @old
    char *second;
{
    return first + *second;
    //     ^ -> @old
    //              ^ -> @old
}
