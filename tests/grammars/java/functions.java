package shop;

/** A basket. */
@Named("basket")
public class Basket<T extends Item> extends Base {
//           ^ definition.class
//           ^ name
//                                               ^ body
    private int total;

    Basket(int total) {
//  ^ definition.function
//  ^ name
    //    ^ parameters
    //                ^ body
        this.total = total;
    }

    /** What it costs. */
    @Override
    public <K> Map<K, T> group(final int a, String... rest) throws IOException {
    //         ^ result
    //                   ^ definition.function
    //                        ^ parameters
    //                                                                         ^ body
        throw new UnsupportedOperationException();
//      ^ stub
    }

    abstract int size();
    //           ^ !definition.function

    native void sync();
    //          ^ !definition.function

    void empty() {}
//  ^ result
    //   ^ definition.function
    //           ^ body

    int messages() {
    //  ^ definition.function
        throw new UnsupportedOperationException("Unimplemented method 'messages'");
//      ^ stub
    }

    int ofAnyType() {
    //  ^ definition.function
        throw new java.lang.IllegalStateException("Not implemented yet");
//      ^ stub
    }

    int todo() {
    //  ^ definition.function
        throw new RuntimeException("TODO: count them");
//      ^ stub
    }

    int real() {
    //  ^ definition.function
        throw new IllegalStateException("nothing to do with todos: implemented elsewhere");
//      ^ !stub
    }

    int rethrows() {
    //  ^ definition.function
        throw failure;
//      ^ !stub
    }

    Object lone() { /* TODO: find it */ return null; }
    //     ^ definition.function
    //                                  ^ stub

    int beside() { return 0; /* FIXME */ }
    //  ^ definition.function
    //             ^ stub

    int answers() { /* Always none. */ return 0; }
    //  ^ definition.function
    //                                 ^ !stub

    int computes() { /* TODO: faster */ return total; }
    //  ^ definition.function
    //                                  ^ !stub

    int longer() { use(); /* TODO: faster */ return 0; }
    //  ^ definition.function
    //                                       ^ !stub

    static final Function<Integer, Integer> TWICE = x -> x * 2;
    //                                              ^ !definition.function

    Runnable run() {
    //       ^ definition.function
        return new Runnable() {
            public void run() { work(); }
            //          ^ definition.function
        };
    }
}

interface Priced {
//        ^ definition.class
//               ^ body
    int price();
    //  ^ !definition.function

    default int rounded() { return price(); }
    //          ^ definition.function
}

enum Size {
//   ^ definition.class
//        ^ body
    SMALL(1), LARGE(2) {
        int factor() { return 3; }
        //  ^ definition.function
    };

    Size(int weight) {
//  ^ definition.function
        throw new NotImplementedException();
//      ^ stub
    }
}

record Point(int x, int y) {
//     ^ definition.class
//          ^ parameters
//                         ^ body
    Point {
//  ^ definition.function
    //    ^ body
        check(x);
    }
}

@interface Named {
//         ^ definition.class
//               ^ body
    String value() default "";
}
