package ledger

// Sum adds up amounts.
func Sum(amounts []int, more ...int) (total int, err error) {
//   ^ definition.function
//      ^ parameters
//                                   ^ result
//                                                          ^ body
//   ^ name
	panic("not implemented")
	// <- stub
}

func Empty() {}
//   ^ definition.function

func external(a int) int
//   ^ !definition.function

func (l *Ledger[K]) Post(entry Entry) error {
//                  ^ definition.function
//                      ^ parameters
//                                    ^ result
//                                          ^ body
	return errors.New("not implemented")
	// <- stub
}

func (Ledger[K]) Find(key K) (*Entry, bool, error) {
//               ^ definition.function
	// TODO: look at the index first.
	return nil, false, fmt.Errorf("Find %v: not yet implemented", key)
	// <- stub
}

func variants(a int) {
//   ^ definition.function
	panic("TODO")
	// <- stub
	panic("unimplemented: variants")
	// <- stub
	panic(`implement me`)
	// <- stub
	panic(fmt.Sprintf("todo: %d", a))
	// <- stub
	panic(errors.New("not implemented yet"))
	// <- stub
}

func inner() func(int) int {
//   ^ definition.function
	return func(a int) int {
		panic("not implemented")
		// <- stub
	}
}

type Ledger[K comparable] struct {
//   ^ definition.class
//                               ^ body
//   ^ name
	entries map[K]*Entry
}

// Entry is one line.
type Entry struct{ Amount int }
//   ^ definition.class

type (
	// Storer keeps entries.
	Storer interface {
	// <- definition.class
	//     ^ body
		Store(e Entry) error
	}

	emptyStruct struct{}
	// <- definition.class
)

type Cents int64
//   ^ !definition.class

type Handler func(Entry) error
//   ^ !definition.class

func noStubs(a int) error {
//   ^ definition.function
	panic("amount below zero")
	// <- !stub
	panic(err)
	// <- !stub
	println("not implemented")
	// <- !stub
	log.panic("not implemented")
	// <- !stub
	if a > 0 {
		panic("not implemented for credit")
		// <- stub
	}
	return errors.New("no such entry")
	// <- !stub
	return fmt.Errorf("todo list %d is full", a)
	// <- !stub
	return wrap("not implemented")
	// <- !stub
	return errors.New("not implemented"), a
	// <- !stub
}

func é(s string) string { return "😀" + s }
//   ^ definition.function
