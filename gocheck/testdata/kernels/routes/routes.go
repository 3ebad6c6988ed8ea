// Package routes publishes a table of routes for readers without a lock.
package routes

import "sync/atomic"

type table struct {
	via map[string]string
}

type router struct {
	current atomic.Pointer[table]
}

func newRouter() *router {
	r := &router{}
	r.current.Store(&table{via: map[string]string{"a": "b"}})
	return r
}

func (r *router) via(to string) string {
	return r.current.Load().via[to]
}

// addBroken publishes the table and fills it afterwards.
func (r *router) addBroken(to, via string) {
	next := &table{via: map[string]string{"a": "b"}}
	r.current.Store(next)
	next.via[to] = via // BUG race: readers have the table already
}

// addFixed fills it first.
func (r *router) addFixed(to, via string) {
	next := &table{via: map[string]string{"a": "b"}}
	next.via[to] = via
	r.current.Store(next)
}
