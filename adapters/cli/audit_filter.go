package cli

import (
	"errors"
	"flag"
	"net/netip"

	"gatehouse/domain"
	"gatehouse/ports"
)

// filterArguments and filterManual describe the flags of an auditFilter.
const filterArguments = "[--staff EMAIL|ID] [--kind KIND] [--outcome OUTCOME] " +
	"[--address ADDRESS|NETWORK] [--since WHEN] [--until WHEN]"

var filterManual = `WHEN is a day (2026-03-02), a time in the shop's time zone (2026-03-02 15:04),
or an RFC 3339 time as the table shows it (2026-03-02T15:04:05+13:00). --since
counts from that time on, a day from its first minute on. --until stops before
that time, but takes in the whole of a day. Where clocks are put back and show a
time twice, --since means the first and --until the second.

--address takes 192.0.2.7 or 2001:db8::7, or a network: 192.0.2.0/24. It finds
events whose request came from there, and replayed tokens of a session that was
last used from there.

OUTCOME is one of ` + list(outcomes, ", ") + `. KIND is one of:

  ` + list(eventKinds, "\n  ")

// eventKinds and outcomes are what can be asked for.
var (
	eventKinds = domain.EventKinds()
	outcomes   = []domain.Outcome{domain.OutcomeSuccess, domain.OutcomeFailure, domain.OutcomeBlocked}
)

// An auditFilter is the part of an action that selects events.
type auditFilter struct {
	noArguments
	staff        givenText
	kind         domain.EventKind
	outcome      domain.Outcome
	address      netip.Prefix
	since, until moment
}

func (f *auditFilter) flags(flags *flag.FlagSet) {
	flags.Func("staff", "events of the person with this `EMAIL`, or with this id", f.staff.set)
	flags.Func("kind", "events of this `KIND`", oneOf(&f.kind, eventKinds))
	flags.Func("outcome", "events with this `OUTCOME`", oneOf(&f.outcome, outcomes))
	flags.Func("address", "events from this `ADDRESS`, or from a network", f.setAddress)
	flags.Func("since", "events from `WHEN` on", f.since.set)
	flags.Func("until", "events before `WHEN`, or until the end of a day", f.until.set)
}

func (f *auditFilter) check(args []string) error {
	if f.staff.given && f.staff.text == "" {
		return usageError("--staff needs an e-mail address or an id")
	}
	return f.noArguments.check(args)
}

// selected returns the filter, and the e-mail address of the person if one is asked for.
func (f *auditFilter) selected(env Environment) (email string, filter ports.AuditFilter, err error) {
	filter = ports.AuditFilter{
		Kind: f.kind, Outcome: f.outcome, Address: f.address,
		Since: f.since.first(env.Zone), Until: f.until.end(env.Zone),
	}
	if !filter.Until.IsZero() && !filter.Since.Before(filter.Until) {
		return "", filter, usageError("--since is not before --until")
	}
	if id, err := domain.ParseStaffID(f.staff.text); err == nil {
		filter.Staff = id
		return "", filter, nil
	}
	return f.staff.text, filter, nil
}

// setAddress turns an IPv4-mapped IPv6 address into IPv4, because addresses are stored so.
func (f *auditFilter) setAddress(text string) error {
	network, err := netip.ParsePrefix(text)
	if address, bad := netip.ParseAddr(text); bad == nil && address.Zone() == "" {
		network, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	const mapped = 96 // bits before the IPv4 address
	if err == nil && network.Addr().Is4In6() && network.Bits() >= mapped {
		network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mapped)
	}
	if err != nil {
		return errors.New("write it as 192.0.2.7, 192.0.2.0/24, 2001:db8::7 or 2001:db8::/32")
	}
	f.address = network.Masked()
	return nil
}
