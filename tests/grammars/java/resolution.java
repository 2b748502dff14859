package org.example.library;

import java.util.ArrayList; // @ArrayList
import java.util.HashMap; // @HashMap
import java.util.List; // @List
import java.util.Map; // @Map
import java.util.function.Function; // @Function
import java.io.*;

import static java.lang.Math.max; // @max
//                           ^ -> here
import static org.example.library.Limits.MAX_LOANS; // @MAX_LOANS

/** Books, and who has borrowed them. */
@Shelved(room = MAX_LOANS, name = "north")
 // <- -> @Shelved
//              ^ -> @MAX_LOANS
//                         ^ -> member
public class Library<T extends Item> extends Building implements Iterable<T> { // @Library
//           ^ -> here
//                   ^ -> here
//                             ^ -> @Item
//                                           ^ -> none
//                                                               ^ -> none
//                                                                        ^ -> @Library
    private final Map<String, List<T>> loans = new HashMap<>(); // @loans
    //            ^ -> @Map
    //                                             ^ -> @HashMap
    private static int count; // @count
    //                 ^ -> here
    int size = initial(), limit = size + count; // @size
    //  ^ -> here
    //         ^ -> @initial
    //                            ^ -> @size

    Library(int size) { // @ctor-size
//  ^ -> @Library
    //          ^ -> here
        super(size);
        //    ^ -> @ctor-size
        this.size = size;
        //   ^ -> member
        //          ^ -> @ctor-size
        count += 1;
//      ^ -> @count
        register(this);
//      ^ -> @register
    }

    static {
        count = 0;
//      ^ -> @count
        int local = 1;
        //  ^ -> here
    }

    // A method may have the name of a field.
    int size() { // @size-method
    //  ^ -> here
        return size + size() + this.size();
        //     ^ -> @size
        //            ^ -> @size-method
        //                          ^ -> member
    }

    private int initial() { // @initial
        return max(1, MAX_LOANS);
        //     ^ -> @max
        //            ^ -> @MAX_LOANS
    }

    static void register(Library<?> library) { // @register
        library.loans.clear();
//      ^ -> @register
        //      ^ -> member
    }

    <K> Map<K, List<T>> group(Function<T, K> key, T... items) { // @group
//   ^ -> here
    //      ^ -> @group
    //              ^ -> @Library
    //                        ^ -> @Function
        Map<K, List<T>> groups = new HashMap<>(); // @groups
        //              ^ -> here
        for (T item : items) { // @item
        //     ^ -> here
        //            ^ -> @group
            groups.computeIfAbsent(key.apply(item), k -> new ArrayList<>()).add(item);
//          ^ -> @groups
            //     ^ -> member
            //                               ^ -> @item
            //                                      ^ -> here
            //                                               ^ -> @ArrayList
        }
        item = null;
//      ^ -> none
        return groups;
    }

    int shadow(int count) { // @shadow-count
        int before = loans.size() + count;
        //           ^ -> @loans
        //                          ^ -> @shadow-count
        {
            int loans = 1; // @inner-loans
            before += loans;
            //        ^ -> @inner-loans
        }
        return before + loans.size();
        //              ^ -> @loans
    }

    int order() {
        int a = limit; // @a
        //      ^ -> @size
        int limit = a; // @local-limit
        //          ^ -> @a
        return limit;
        //     ^ -> @local-limit
    }

    void closures(List<String> names) { // @names
        Function<String, Integer> length = String::length; // @length
        //                                 ^ -> none
        //                                         ^ -> member
        Function<String, String> twice = (String s) -> { // @s
            String t = s + s; // @t
            //         ^ -> @s
            return t;
            //     ^ -> @t
        };
        java.util.function.BiFunction<Integer, Integer, Integer> sum = (x, y) -> x + y; // @sum
        //                                                                       ^ -> @sum
        //                                                                           ^ -> @sum
        Runnable run = this::order;
        //                   ^ -> member
        Runnable other = new Runnable() {
            int calls; // @calls

            @Override
//           ^ -> none
            public void run() {
                calls += names.size();
//              ^ -> @calls
                //       ^ -> @names
                length.apply("");
//              ^ -> @length
                order(1);
//              ^ -> @order2
            }

            void order(int times) {} // @order2
        };
    }

    void statements(Object o, int[] numbers) throws IOException { // @statements
    //                                              ^ -> none
        outer: // @outer
        for (int i = 0, n = numbers.length; i < n; i++) { // @loop
        //                  ^ -> @statements
        //                          ^ -> member
        //                                  ^ -> @loop
            for (int j = i; ; j++) { // @j
            //           ^ -> @loop
                if (j > 3) continue outer;
                //  ^ -> @j
                //                  ^ -> @outer
                break outer;
                //    ^ -> @outer
            }
        }
        try (Reader reader = open(); Closeable second = wrap(reader)) { // @try
        //                                                   ^ -> @try
            reader.read();
//          ^ -> @try
        } catch (IllegalStateException | IOException failure) { // @failure
            throw new RuntimeException(failure);
            //                         ^ -> @failure
        } finally {
            failure.close();
//          ^ -> none
        }
        if (o instanceof Book book && book.isOpen()) { // @book
        //                            ^ -> @book
            book.close();
//          ^ -> @book
        }
        if (!(o instanceof Book(String title, var pages))) { // @title
            return;
        }
        use(title, pages);
        //  ^ -> @title
        //         ^ -> @title
        var answer = o; // @answer
        //           ^ -> @statements
        use(answer, undefined);
        //  ^ -> @answer
        //          ^ -> none
    }

    String describe(Shape shape) {
        return switch (shape) {
            case Circle c when c.radius() > 1 -> "big " + c; // @circle
            //   ^ -> @Circle
            //                 ^ -> @circle
            //                                            ^ -> @circle
            case Square(int side) -> { // @side
            //   ^ -> @Square
                int area = side * side; // @area
                //         ^ -> @side
                yield "square of " + area;
                //                   ^ -> @area
            }
            default -> Kind.UNKNOWN.toString();
            //              ^ -> member
        };
    }

    class Reader { // @Reader
    //    ^ -> here
        Library<T> home() {
            Library.this.size = limit;
            //           ^ -> member
            //                  ^ -> @size
            return Library.this;
            //     ^ -> @Library
        }
    }

    Reader reader;
//  ^ -> @Reader
    Kind.Inner inner;
//  ^ -> @Kind
    //   ^ -> member
    java.util.Set<T> set;
//  ^ -> member
    //   ^ -> member
    //        ^ -> member
}

interface Item {} // @Item

sealed interface Shape permits Circle, Square {
    double UNIT = 1.0; // @UNIT
    //     ^ -> here

    static double unit() {
        return UNIT;
        //     ^ -> @UNIT
    }
}

record Circle(int radius) implements Shape { // @Circle
//                ^ -> here
    Circle {
//  ^ -> @Circle
        check(radius);
        //    ^ -> @Circle
    }

    int area() {
        return radius() * radius;
        //     ^ -> @Circle
        //                ^ -> @Circle
    }
}

record Square(int side) implements Shape {} // @Square

enum Kind { // @Kind
    NOVEL(defaultPages()) { // @NOVEL
    //    ^ -> @defaultPages
        @Override
        Kind next() {
            return UNKNOWN;
            //     ^ -> @UNKNOWN
        }
    },
    UNKNOWN(0); // @UNKNOWN

    private final int pages; // @pages

    Kind(int pages) { // @kind-pages
        this.pages = pages;
        //           ^ -> @kind-pages
    }

    Kind next() {
        return pages > 0 ? NOVEL : Kind.NOVEL;
        //     ^ -> @pages
        //                 ^ -> @NOVEL
        //                         ^ -> @Kind
    }

    static int defaultPages() { // @defaultPages
        return 100;
    }
}

@interface Shelved { // @Shelved
    int room() default ROOM;
    //                 ^ -> @ROOM

    int ROOM = 3; // @ROOM

    String name();
}
