// Package queue hands out jobs, for the assertions about names.
package queue

import (
	"context" // @context
	"errors" // @errors
	"math/rand" // @rand
	"sync" // @sync
	_ "embed"
	. "strings"

	stdlog "log" // @stdlog
	"example.com/fleet/clock/v2" // @clock
	"gopkg.in/yaml.v3" // @yaml
)

var errEmpty = errors.New("queue is empty") // @errEmpty
//             ^ -> @errors
//                    ^ -> member
//  ^ -> here

const (
	Idle State = iota // @Idle
	//   ^ -> @State
	Busy // @Busy
	Done // @Done
	limit = int(Done) * factor // @limit
	//          ^ -> @Done
	//                  ^ -> @factor
	//      ^ -> none
)

const factor = 8 // @factor

var (
	registry = map[string]Handler{"noop": noop} // @registry
	//                    ^ -> @Handler
	//                                    ^ -> @noop
	//             ^ -> none
	names = [...]string{Idle: "idle", Busy: "busy"} // @names
	//                  ^ -> @Idle
	//                                ^ -> @Busy
)

type State int // @State

type Handler func(ctx context.Context, job *Job) error // @Handler
//                    ^ -> @context
//                            ^ -> member
//                                          ^ -> @Job
//                                               ^ -> none

type Job struct { // @Job
	ID    string
	// <- -> member
	State State
	// <- -> member
	//    ^ -> @State
	sync.Mutex
	// <- -> @sync
	//   ^ -> member
	next *Job
	//    ^ -> @Job
}

type number interface { // @number
	~int | ~float64 | State
	//                ^ -> @State
	//      ^ -> none
}

type Source interface { // @Source
	Next(limit int) (job *Job, err error)
	// <- -> member
	//   ^ -> here
	//                    ^ -> @Job
	number
	// <- -> @number
}

type Pool[K comparable, V any] struct { // @Pool
//                      ^ -> here
//          ^ -> none
	items map[K]V
	//        ^ -> 81:11
	//          ^ -> 81:25
	order []K
}

type alias = Pool[string, *Job] // @alias
//           ^ -> @Pool
//                         ^ -> @Job

func NewPool[K comparable, V any](size int) *Pool[K, V] { // @NewPool
//   ^ -> here
//                                           ^ -> @Pool
//                                                ^ -> @NewPool
	return &Pool[K, V]{items: make(map[K]V, size), order: nil}
	//      ^ -> @Pool
	//              ^ -> @NewPool
	//                 ^ -> member
	//                                      ^ -> @NewPool
	//                        ^ -> none
	//                                             ^ -> member
}

func (p *Pool[Key, Value]) Put(key Key, value Value) (old Value, known bool) { // @Put
//                         ^ -> member
//       ^ -> @Pool
//            ^ -> here
//                                 ^ -> @Put
	old, known = p.items[key]
	// <- -> @Put
	//   ^ -> @Put
	//           ^ -> @Put
	//             ^ -> member
	//                   ^ -> @Put
	p.items[key] = value
	//             ^ -> @Put
	return
}

func (job *Job) start(state State) (err error) { // @start
//         ^ -> @Job
//                          ^ -> @State
	job.State = state
	// <- -> @start
	//  ^ -> member
	//          ^ -> @start
	defer func() { // @deferred
		if r := recover(); r != nil { // @recovered
		//                 ^ -> @recovered
			err = errEmpty
			// <- -> @start
			//    ^ -> @errEmpty
		}
	}()
	return nil
}

func noop(context.Context, *Job) error { return nil } // @noop

// The type of a parameter is not the parameter.
func rename(alias alias, number ...number) (Handler Handler) { // @rename
//                ^ -> @alias
//                                 ^ -> @number
//                                                  ^ -> @Handler
	_ = alias
	//  ^ -> @rename
	_ = number
	//  ^ -> @rename
	return Handler
	//     ^ -> @rename
}

func Map[T, U any](xs []T, apply func(item T, at int) U) (out []U) { // @Map
//                      ^ -> @Map
//                                         ^ -> @Map
//                                                    ^ -> @Map
//                                    ^ -> here
	for i, x := range xs { // @range
	//                ^ -> @Map
		out = append(out, apply(x, i))
		// <- -> @Map
		//                ^ -> @Map
		//                      ^ -> @range
		//                         ^ -> @range
		//    ^ -> none
	}
	item := len(out) // @item
	//      ^ -> none
	_ = item
	//  ^ -> @item
	return out
}

func shadowing(x int) (string, error) { // @shadowing
	x = x + 1
	// <- -> @shadowing
	y := x // @y1
	//   ^ -> @shadowing
	y, z := y+1, y // @y2
	//      ^ -> @y1
	//           ^ -> @y1
	if x := y + z; x > 3 { // @ifx
	//      ^ -> @y2
	//             ^ -> @ifx
		x := x * 2 // @blockx
		//   ^ -> @ifx
		_ = x
		//  ^ -> @blockx
	} else if w := x; w > 0 { // @elsew
	//             ^ -> @ifx
		_ = w + x
		//  ^ -> @elsew
		//      ^ -> @ifx
	}
	_ = w
	//  ^ -> none
	var err error // @err1
	if _, err := parse(x); err != nil { // @err2
	//           ^ -> @parse
	//                 ^ -> @shadowing
	//                     ^ -> @err2
		return "", err
		//         ^ -> @err2
	}
	var x2 = x2 // @x2
	//       ^ -> none
	const size, double = 4, size * 2 // @size
	//                      ^ -> none
	return "", err
	//         ^ -> @err1
}

func parse(n int) (int, error) { // @parse
	for n := n; n > 0; n-- { // @forn
	//       ^ -> @parse
	//          ^ -> @forn
	//                 ^ -> @forn
		n := n // @bodyn
		//   ^ -> @forn
		go func() { println(n) }()
		//                  ^ -> @bodyn
		//          ^ -> none
	}
	type node struct { // @node
		left, right *node
		//           ^ -> @node
		// <- -> member
	}
	root := node{left: nil, right: &node{}} // @root
	//      ^ -> @node
	//                      ^ -> member
	return root.size(), nil
	//     ^ -> @root
	//          ^ -> member
}

func (s State) String() string { // @String
	switch s := int(s); s { // @switch
	//              ^ -> @String
	//                  ^ -> @switch
	case int(Idle), int(Busy):
	//       ^ -> @Idle
		label := names[s] // @label1
		//       ^ -> @names
		//             ^ -> @switch
		return label
		//     ^ -> @label1
	default:
		label := Repeat("?", s) // @label2
		//       ^ -> none
		return label
		//     ^ -> @label2
	}
}

func describe(v any) string { // @describe
	switch v := v.(type) { // @typeswitch
	//          ^ -> @describe
	case *Job:
	//    ^ -> @Job
		return v.ID
		//     ^ -> @typeswitch
		//       ^ -> member
	case clock.Time, yaml.Node:
	//   ^ -> @clock
	//         ^ -> member
	//               ^ -> @yaml
		return ""
	case nil:
		return "nil"
	}
	_, isState := v.(State) // @isState
	//            ^ -> @describe
	//               ^ -> @State
	if !isState {
	//  ^ -> @isState
		stdlog.Println(v)
		// <- -> @stdlog
	}
	return ""
}

func run(ctx context.Context, jobs <-chan *Job, done chan<- string) { // @run
	var wait sync.WaitGroup // @wait
	//       ^ -> @sync
	//            ^ -> member
retry: // @retry
	for {
		select {
		case job, open := <-jobs: // @received
		//                  ^ -> @run
			if !open {
			//  ^ -> @received
				break retry
				//    ^ -> @retry
			}
			wait.Add(1)
			// <- -> @wait
			go func(job *Job, tries int) { // @closure
				defer wait.Done()
				//    ^ -> @wait
				//         ^ -> member
				if handle, ok := registry[job.ID]; ok { // @handle
				//               ^ -> @registry
				//                        ^ -> @closure
				//                                 ^ -> @handle
					_ = handle(ctx, job)
					//  ^ -> @handle
					//         ^ -> @run
				}
				done <- job.ID
				// <- -> @run
			}(job, rand.Intn(limit))
			//^ -> @received
			//     ^ -> @rand
			//               ^ -> @limit
		case <-ctx.Done():
		//     ^ -> @run
		//         ^ -> member
			goto finish
			//   ^ -> @finish
		}
		continue retry
		//       ^ -> @retry
	}
finish: // @finish
	wait.Wait()
	// <- -> @wait
}

func literals(key string, x int) any { // @literals
	points := []Point{{X: x, Y: 1}, 2: {X: 2}} // @points
	//          ^ -> none
	//                 ^ -> member
	//                    ^ -> @literals
	nested := map[string]map[string]int{key: {key: x}} // @nested
	//                                  ^ -> @literals
	//                                        ^ -> @literals
	jobs := map[string]Job{key: {ID: key}}
	//                           ^ -> member
	//                               ^ -> @literals
	var visit func(n int) (total int) // @visit
	visit = func(n int) (total int) { // @recursive
		total += visit(n - 1)
		// <- -> @recursive
		//       ^ -> @visit
		//             ^ -> @recursive
		return
	}
	var total = visit(x) // @total
	//          ^ -> @visit
	for x = range points {
	//  ^ -> @literals
	//            ^ -> @points
		total += x + len(jobs) + len(nested[key])
		// <- -> @total
		//                           ^ -> @nested
	}
	swap := func(a, b int) (int, int) { return b, a } // @swap
	//                                         ^ -> @swap
	//                                            ^ -> @swap
	x, total = swap(total, x)
	// <- -> @literals
	// ^ -> @total
	//         ^ -> @swap
	return Map[int, State](nil, func(i, _ int) State { return State(i) })
	//     ^ -> @Map
	//                                         ^ -> @State
	//                                                              ^ -> 369:35
}
