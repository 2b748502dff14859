package shop

import (
	"fmt"
//^ tag.reference.import
	clock "example.com/clock"
	// <- !tag.reference
	//     ^ tag.reference.import
)

const Limit, _ = 10, 0
//           ^ !tag.definition
//    ^ tag.definition.constant

const (
	Small Size = iota
	// <- tag.definition.constant
	//    ^ tag.reference.type
	Large
	// <- tag.definition.constant
)

var cache = map[string]*Item{"a": first}
//  ^ tag.definition.variable
//              ^ tag.reference.type
//                      ^ tag.reference.type
//                                ^ tag.reference.name

var (
	mu   sync.Mutex
	// <- tag.definition.variable
	//        ^ tag.reference.type
	a, b = load(cache), Small
	// <- tag.definition.variable
	// ^ tag.definition.variable
	//     ^ tag.reference.call
	//          ^ tag.reference.name
	//                  ^ tag.reference.name
)

type Size int
//   ^ tag.definition.type
//        ^ tag.reference.type

type Alias = clock.Time
//   ^ tag.definition.type
//                 ^ tag.reference.type

type Item struct {
//   ^ tag.definition.class
	Name, Label string
	// <- tag.definition.variable
	//    ^ tag.definition.variable
	//          ^ tag.reference.type
	Owner
	// <- tag.reference.type
	inner struct{ deep int }
	//            ^ !tag.definition
	// <- tag.definition.variable
	//                 ^ tag.reference.type
}

type (
	Owner interface {
	// <- tag.definition.class
		Own(item Item) error
		// <- tag.definition.method
		//       ^ tag.reference.type
		//             ^ tag.reference.type
		fmt.Stringer
		//  ^ tag.reference.type
	}
	Func func(Size) Alias
	// <- tag.definition.type
	//        ^ tag.reference.type
	//              ^ tag.reference.type
)

func init() {
//   ^ !tag.definition
	local := Limit
	// <- !tag.definition
	//       ^ tag.reference.name
	type hidden struct{ field int }
	//                  ^ !tag.definition
	//   ^ !tag.definition
	//   ^ tag.reference.type
	//                        ^ tag.reference.type
	const inside = 1
	//    ^ !tag.definition
	fmt.Println(local, inside)
	// <- tag.reference.name
	//  ^ tag.reference.call
	//          ^ tag.reference.name
	//                 ^ tag.reference.name
}

func Load[T any](path string) (items []T, err error) {
//   ^ name
//               ^ !tag.definition
//   ^ tag.definition.function
//          ^ tag.reference.type
//                    ^ tag.reference.type
//                                     ^ tag.reference.type
//                                            ^ tag.reference.type
	item := &Item{Name: path, inner: first}
	// <- !tag.reference
	//       ^ tag.reference.type
	//            ^ tag.reference.name
	//                  ^ tag.reference.name
	//                        ^ tag.reference.name
	//                               ^ tag.reference.name
	item.Own(nil)
	//       ^ !tag.reference
	// <- tag.reference.name
	//   ^ tag.reference.call
	http.HandleFunc("/", handle)
	// <- tag.reference.name
	//   ^ tag.reference.call
	//                   ^ tag.reference.name
	go item.Label.Trim(path)
	// ^ tag.reference.name
	//      ^ tag.reference.name
	//            ^ tag.reference.call
	//                 ^ tag.reference.name
	result := Map[int](items)
	//        ^ tag.reference.call
	//            ^ tag.reference.type
	for range cache {
	//        ^ tag.reference.name
		Limit++
	}
	return items, err
	//     ^ tag.reference.name
	//            ^ tag.reference.name
}

func (i *Item) Rename(name string) {
//       ^ tag.reference.type
//             ^ tag.definition.method
//                         ^ tag.reference.type
	i.Name = name
	// <- tag.reference.name
	//^ tag.reference.name
	//       ^ tag.reference.name
	(load)(name)
//^ tag.reference.call
	//     ^ tag.reference.name
	_ = Map[int, string](nil)
	//  ^ tag.reference.call
	//      ^ tag.reference.type
	//           ^ tag.reference.type
}
