package application_test

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A guesser is somebody at an address, with a device that keeps its token, if any.
type guesser struct {
	shop   *shop
	client domain.Client
	device domain.DeviceToken
	// crossSite: a page of another site guesses.
	crossSite bool
}

// at is somebody with a device that keeps nothing, and a user agent of its own.
func (s *shop) at(address, agent string) *guesser {
	client := porttest.Client()
	client.Address, client.UserAgent = netip.MustParseAddr(address), agent
	return &guesser{shop: s, client: client}
}

// owner is somebody whose browser has signed in to the n-th account before.
func (s *shop) owner(n int, address string) *guesser {
	s.t.Helper()
	g := s.at(address, fmt.Sprint("browser of ", n))
	g.device = s.devices.Issue(id(n), domain.DeviceToken{}, s.deviceID())
	return g
}

func (g *guesser) command(username, typed string) application.ObtainTokensCommand {
	return application.ObtainTokensCommand{
		Username: username, Password: domain.NewPassword(typed), Device: g.device, CrossSite: g.crossSite, Client: g.client,
	}
}

// guess tries a password, and returns how long it would have to wait before it is looked at:
// zero if it was.
func (g *guesser) guess(username, typed string) time.Duration {
	g.shop.t.Helper()
	_, err := g.shop.obtainTokens().Execute(g.shop.t.Context(), g.command(username, typed))
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		return throttled.RetryAfter
	}
	if typed != password && !errors.Is(err, domain.ErrInvalidCredentials) || typed == password && err != nil {
		g.shop.t.Errorf("%q of %s: %v", typed, username, err)
	}
	return 0
}

// must checks how a guess goes: nil, or the error.
func (g *guesser) must(username, typed string, want error) {
	g.shop.t.Helper()
	got, err := g.shop.obtainTokens().Execute(g.shop.t.Context(), g.command(username, typed))
	if !errors.Is(err, want) || err != nil && got != (application.ObtainTokensResult{}) {
		g.shop.t.Errorf("%q of %s: %+v, %v; want %v", typed, username, got, err, want)
	}
}

// counters are those of an account, and of the network 192.0.2.0/24.
func (s *shop) counters(account domain.AccountKey) (found []domain.Counter) {
	s.t.Helper()
	s.view(func(r ports.Records) (err error) {
		if found, err = r.Throttle().OfAccount(account); err != nil {
			return err
		}
		network, err := r.Throttle().Counter(domain.CounterKey{Kind: domain.NetworkCounter, Place: "192.0.2.0/24"})
		if !network.Empty() {
			found = append(found, network)
		}
		return err
	})
	return found
}
