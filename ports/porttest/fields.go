package porttest

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"gatehouse/domain"
)

// A leaf is one value inside a record that is stored by itself.
type leaf struct {
	path  string
	value reflect.Value
}

// leaves returns every exported field of the record that into points to, down to those that
// are stored by themselves. A new field of a record is among them without being listed.
func leaves(into any) []leaf { return leavesOf("", reflect.ValueOf(into).Elem()) }

func leavesOf(path string, value reflect.Value) (all []leaf) {
	switch value.Interface().(type) {
	case time.Time, netip.Addr, domain.Date, domain.PasswordHash, domain.Seal:
		return []leaf{{path, value}}
	}
	switch value.Kind() {
	case reflect.Struct:
		for i := range value.NumField() {
			all = append(all, leavesOf(path+"."+value.Type().Field(i).Name, value.Field(i))...)
		}
		return all
	case reflect.Array:
		for i := range value.Len() {
			all = append(all, leavesOf(fmt.Sprintf("%s[%d]", path, i), value.Index(i))...)
		}
		return all
	}
	return []leaf{{path, value}}
}

// set gives the leaf the n-th value of its type. Times are in another zone, and finer than what
// a store keeps.
func (l leaf) set(n int) {
	switch at := l.value.Addr().Interface().(type) {
	case *time.Time:
		elsewhere := time.FixedZone("elsewhere", -7*60*60)
		*at = Noon.Add(time.Duration(n)*(time.Hour+time.Millisecond) + 999*time.Microsecond).In(elsewhere)
	case *netip.Addr:
		*at = netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})
	case *domain.Date:
		*at = domain.DateAt(Noon.AddDate(0, 0, n), time.UTC)
	case *domain.PasswordHash:
		*at = domain.NewPasswordHash(fmt.Sprintf("hash$%d", n))
	case *domain.Seal:
		*at = domain.Seal{byte(n), byte(n >> 8), 1}
	case *domain.StaffID:
		*at = staffID(n)
	default:
		l.setBasic(n)
	}
}

func (l leaf) setBasic(n int) {
	switch l.value.Kind() {
	case reflect.String:
		l.value.SetString(fmt.Sprintf("%s %d", l.path, n))
	case reflect.Int, reflect.Int64:
		l.value.SetInt(int64(n) * int64(time.Microsecond)) // which is what a duration is kept to
	case reflect.Bool:
		l.value.SetBool(!l.value.Bool())
	default:
		panic("porttest: say in leaf.set what values a field of the type " + l.value.Type().String() + " can have")
	}
}

// filled returns a record in which every field has a value of its own.
func filled[T any]() (record T) {
	for i, l := range leaves(&record) {
		l.set(i + 1)
	}
	return record
}

// variants calls use with the record as it is but for one field: each in turn has another
// value, and then none. Fields whose path is among fixed keep theirs.
func variants[T any](record T, fixed []string, use func(path string, variant T)) {
	for i, l := range leaves(&record) {
		if isOneOf(l.path, fixed) {
			continue
		}
		before := reflect.ValueOf(l.value.Interface())
		l.set(i + 101)
		use(l.path, record)
		l.value.SetZero()
		use(l.path+" (none)", record)
		l.value.Set(before)
	}
}

func isOneOf(path string, paths []string) bool {
	for _, one := range paths {
		if path == "."+one {
			return true
		}
	}
	return false
}

// rounded returns the record with times as a store gives them back: in UTC, to the
// millisecond.
func rounded[T any](record T) T {
	for _, l := range leaves(&record) {
		if at, is := l.value.Addr().Interface().(*time.Time); is {
			*at = time.UnixMilli(at.UnixMilli()).UTC()
		}
	}
	return record
}

// sameFields compares every field of two records.
func sameFields[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	wanted := leaves(&want)
	for i, l := range leaves(&got) {
		if g, w := plain(l), plain(wanted[i]); g != w {
			t.Errorf("%s: %s is %v, want %v", what, l.path, g, w)
		}
	}
}

func plain(l leaf) any {
	if hash, is := l.value.Interface().(domain.PasswordHash); is {
		return hash.Reveal()
	}
	return l.value.Interface()
}
