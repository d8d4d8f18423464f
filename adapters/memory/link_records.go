package memory

import (
	"time"

	"gatehouse/domain"
)

type linkRecords struct{ *records }

func (r linkRecords) Of(account domain.AccountKey) (domain.Link, error) {
	link := r.state.links[account]
	link.Account = account
	return link, nil
}

func (r linkRecords) Save(link domain.Link) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.links[link.Account] = stored(link)
	return nil
}

func (r linkRecords) Forget(before time.Time, limit int) (removed int, err error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	for account, link := range r.state.links {
		if removed < limit && link.ExpiresAt.Before(before) {
			delete(r.state.links, account)
			removed++
		}
	}
	return removed, nil
}
