package apptest

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A Guesser is somebody at an address, with a device that keeps its token, if any.
type Guesser struct {
	shop   *Shop
	Client domain.Client
	Device domain.DeviceToken
	// crossSite: a page of another site guesses.
	CrossSite bool
}

// At is somebody with a device that keeps nothing, and a user agent of its own.
func (s *Shop) At(address, agent string) *Guesser {
	client := porttest.Client()
	client.Address, client.UserAgent = netip.MustParseAddr(address), agent
	return &Guesser{shop: s, Client: client}
}

// Owner is somebody whose browser has signed in to the n-th account before.
func (s *Shop) Owner(n int, address string) *Guesser {
	s.T.Helper()
	g := s.At(address, fmt.Sprint("browser of ", n))
	g.Device = s.devices.Issue(Id(n), domain.DeviceToken{}, s.deviceID())
	return g
}

func (g *Guesser) Command(username, typed string) signin.ObtainTokensCommand {
	return signin.ObtainTokensCommand{
		Username: username, Password: domain.NewPassword(typed), Device: g.Device, CrossSite: g.CrossSite, Client: g.Client,
	}
}

// Guess tries a password, and returns how long it would have to wait before it is looked at:
// zero if it was.
func (g *Guesser) Guess(username, typed string) time.Duration {
	g.shop.T.Helper()
	_, err := g.shop.ObtainTokens().Execute(g.shop.T.Context(), g.Command(username, typed))
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		return throttled.RetryAfter
	}
	if typed != Password && !errors.Is(err, domain.ErrInvalidCredentials) || typed == Password && err != nil {
		g.shop.T.Errorf("%q of %s: %v", typed, username, err)
	}
	return 0
}

// Must checks how a guess goes: nil, or the error.
func (g *Guesser) Must(username, typed string, want error) {
	g.shop.T.Helper()
	got, err := g.shop.ObtainTokens().Execute(g.shop.T.Context(), g.Command(username, typed))
	if !errors.Is(err, want) || err != nil && got != (signin.ObtainTokensResult{}) {
		g.shop.T.Errorf("%q of %s: %+v, %v; want %v", typed, username, got, err, want)
	}
}

// Counters are those of an account, and of the network 192.0.2.0/24.
func (s *Shop) Counters(account domain.AccountKey) (found []domain.Counter) {
	s.T.Helper()
	s.View(func(r ports.Records) (err error) {
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
