package sqlite

import (
	"sync"

	"gatehouse/domain"
)

// maxCached is how many sessions, and how many accounts, are kept in memory: about 20 MB
// of each.
const maxCached = 20_000

// A cache holds sessions and accounts as they were last committed, for the one process
// that serves. What another process commits is seen at once: the counter of commits in the
// wal-index is not what it was.
type cache struct {
	index    *walIndex
	mu       sync.RWMutex
	expected uint32 // what the counter says as long as the maps are as committed
	edition  uint64 // changes with the maps
	sessions map[domain.SessionID]*domain.Session
	staff    map[domain.StaffID]*domain.Staff
}

func newCache(index *walIndex) *cache {
	c := &cache{index: index, expected: index.changes()}
	c.clear()
	return c
}

func (c *cache) clear() {
	c.edition++
	c.sessions, c.staff = map[domain.SessionID]*domain.Session{}, map[domain.StaffID]*domain.Staff{}
}

// current reports whether the maps are as committed: c.mu is held. They are not for the
// moment between a commit of ours and committed, in which everybody asks the database.
func (c *cache) current() bool { return c.index.changes() == c.expected }

// pair returns a session and its owner if both are here. A nil cache has nothing.
func (c *cache) pair(id domain.SessionID) (*domain.Staff, *domain.Session) {
	if c == nil {
		return nil, nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	session := c.sessions[id]
	if session == nil || !c.current() {
		return nil, nil
	}
	return c.staff[session.StaffID], session
}

// An edition is a state of the cache in which something is looked up elsewhere; zero is
// none.
type edition uint64

// before returns the edition before a look into the database.
func (c *cache) before() edition {
	if c == nil {
		return 0
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if !c.current() {
		return 0
	}
	return edition(c.edition)
}

// fill adds what was found in the database, unless something has been committed since.
func (c *cache) fill(since edition, owner *domain.Staff, session *domain.Session) {
	if since == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if edition(c.edition) == since && c.current() {
		put(c.staff, owner.ID, owner)
		put(c.sessions, session.ID, session)
	}
}

// put makes room where needed by dropping some, no matter which.
func put[K comparable, V any](into map[K]V, key K, value V) {
	if len(into) >= maxCached {
		drop := maxCached / 8
		for key := range into {
			delete(into, key)
			if drop--; drop == 0 {
				break
			}
		}
	}
	into[key] = value
}

// begin is called when nobody else can commit any more. It returns false if another
// process has since the last time.
func (c *cache) begin() bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current() {
		return true
	}
	c.clear()
	c.expected = c.index.changes()
	return false
}

// committed takes over the changes of our own commit, which SQLite has counted.
func (c *cache) committed(changed changes) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.edition++
	c.expected++
	if changed.everything {
		c.clear()
	}
	for id, session := range changed.sessions {
		put(c.sessions, id, session)
	}
	for id, staff := range changed.staff {
		if staff == nil {
			delete(c.staff, id)
		} else {
			put(c.staff, id, staff)
		}
	}
}

// uncertain is called when a commit of ours may or may not have been counted.
func (c *cache) uncertain() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	c.expected = c.index.changes()
}

// session and account are for the writer only, between begin and committed.
func (c *cache) session(id domain.SessionID) *domain.Session {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.sessions[id]
}

func (c *cache) account(id domain.StaffID) *domain.Staff {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.staff[id]
}
