package locks

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type box[T any] struct{ v T }

type holder[T any] struct{ p atomic.Pointer[box[T]] }

func (h *holder[T]) store(v T)       { h.p.Store(&box[T]{v}) }
func (h *holder[T]) swap(v T)        { h.p.Swap(&box[T]{v}) }
func (h *holder[T]) first(v T)       { h.p.CompareAndSwap(nil, &box[T]{v}) }
func (h *holder[T]) deferred(v T)    { defer h.p.Store(&box[T]{v}) }
func (h *holder[T]) methodValue(v T) { f := h.p.Store; f(&box[T]{v}) }

func TestRightPublish(t *testing.T) {
	for _, set := range []func(*holder[int], int){
		(*holder[int]).store, (*holder[int]).swap, (*holder[int]).first, (*holder[int]).deferred, (*holder[int]).methodValue,
	} {
		var h holder[int]
		both(func() { set(&h, 7) }, func() {
			if b := h.p.Load(); b != nil && b.v != 7 {
				t.Error(b.v)
			}
		})
	}
}

func TestWrongPublish(t *testing.T) {
	var h holder[int]
	both(func() { h.store(7) }, func() {
		if h.p.Load() == nil {
			t.Error("too early")
		}
	})
}

// After a collection fmt's pool begins anew, with locks that are not explored.
func TestRightPoolOfFmt(t *testing.T) {
	runtime.GC()
	runtime.GC()
	both(func() { _ = fmt.Sprint(1) }, func() { _ = fmt.Sprint(2) })
}

func TestWrongCondCopy(t *testing.T) {
	c := sync.NewCond(&sync.Mutex{})
	c.Signal()
	var copied sync.Cond
	reflect.ValueOf(&copied).Elem().Set(reflect.ValueOf(c).Elem())
	copied.Signal()
}
