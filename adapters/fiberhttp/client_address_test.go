package fiberhttp_test

import (
	"strings"
	"testing"
)

// Whose address the audit trail, the session and the log show.
func TestClientAddresses(t *testing.T) {
	const proxy = "10.0.0.1"
	xff := func(values ...string) (lines []string) {
		for _, value := range values {
			lines = append(lines, "X-Forwarded-For: "+value)
		}
		return lines
	}
	s := open(t, unthrottled, trusting("10.0.0.0/8", "2001:db8:1::/48"))
	for name, c := range map[string]struct {
		peer  string
		lines []string
		want  string
	}{
		"direct":                    {somebody, nil, somebody},
		"direct, IPv6":              {"2001:db8::7", nil, "2001:db8::7"},
		"direct, IPv4 in IPv6":      {"::ffff:203.0.113.9", nil, somebody},
		"direct, forged":            {somebody, xff("198.51.100.1"), somebody},
		"direct, as a proxy":        {somebody, xff("10.0.0.1"), somebody},
		"proxy alone":               {proxy, nil, proxy},
		"proxy, IPv4 in IPv6":       {"::ffff:10.0.0.1", xff("198.51.100.1"), "198.51.100.1"},
		"one hop":                   {proxy, xff("198.51.100.1"), "198.51.100.1"},
		"one hop, IPv6":             {"2001:db8:1::1", xff("2001:db8::9"), "2001:db8::9"},
		"header in lower case":      {proxy, []string{"x-forwarded-for: 198.51.100.1"}, "198.51.100.1"},
		"white space":               {proxy, xff(" 198.51.100.1\t"), "198.51.100.1"},
		"forged before the proxy":   {proxy, xff("192.0.2.66, 198.51.100.1"), "198.51.100.1"},
		"forged as a proxy":         {proxy, xff("10.9.9.9, 198.51.100.1"), "198.51.100.1"},
		"two proxies":               {proxy, xff("192.0.2.66,198.51.100.1,10.0.0.2"), "198.51.100.1"},
		"three proxies":             {proxy, xff("198.51.100.1, 2001:db8:1::2, 10.0.0.2"), "198.51.100.1"},
		"two lines":                 {proxy, xff("192.0.2.66", "198.51.100.1"), "198.51.100.1"},
		"two lines, two proxies":    {proxy, xff("192.0.2.66, 198.51.100.1", "10.0.0.2"), "198.51.100.1"},
		"everybody is a proxy":      {proxy, xff("10.0.0.3, 10.0.0.2"), "10.0.0.3"},
		"IPv4 in IPv6":              {proxy, xff("::ffff:198.51.100.1"), "198.51.100.1"},
		"IPv4 in IPv6 of a proxy":   {proxy, xff("198.51.100.1, ::ffff:10.0.0.2"), "198.51.100.1"},
		"empty":                     {proxy, xff(""), proxy},
		"empty at the end":          {proxy, xff("198.51.100.1,"), proxy},
		"empty between":             {proxy, xff("192.0.2.66, , 198.51.100.1"), "198.51.100.1"},
		"empty behind a proxy":      {proxy, xff("192.0.2.66, , 10.0.0.2"), "10.0.0.2"},
		"unknown":                   {proxy, xff("192.0.2.66, unknown"), proxy},
		"unknown behind a proxy":    {proxy, xff("192.0.2.66, unknown, 10.0.0.2"), "10.0.0.2"},
		"hidden":                    {proxy, xff("_hidden"), proxy},
		"with a port":               {proxy, xff("198.51.100.1:4711"), proxy},
		"IPv6 in brackets":          {proxy, xff("[2001:db8::9]"), proxy},
		"IPv6 with a port":          {proxy, xff("[2001:db8::9]:4711"), proxy},
		"with a zone":               {proxy, xff("fe80::1%eth0"), proxy},
		"with a network":            {proxy, xff("198.51.100.0/24"), proxy},
		"quoted":                    {proxy, xff(`"198.51.100.1"`), proxy},
		"a name":                    {proxy, xff("localhost"), proxy},
		"leading zeros":             {proxy, xff("198.051.100.001"), proxy},
		"a number":                  {proxy, xff("3325256705"), proxy},
		"a list within":             {proxy, xff("198.51.100.1;192.0.2.66"), proxy},
		"not UTF-8":                 {proxy, xff("\xff"), proxy},
		"thousands":                 {proxy, xff(strings.Repeat("10.0.0.2,", 1700) + "10.0.0.2"), "10.0.0.2"},
		"thousands, and somebody":   {proxy, xff("198.51.100.1," + strings.Repeat("10.0.0.2,", 1500) + "10.0.0.2"), "198.51.100.1"},
		"other headers, by a proxy": {proxy, []string{"Forwarded: for=192.0.2.66", "X-Real-IP: 192.0.2.66", "True-Client-IP: 192.0.2.66", "CF-Connecting-IP: 192.0.2.66", "X_Forwarded_For: 192.0.2.66", "Client-IP: 192.0.2.66"}, proxy},
		"other headers, direct":     {somebody, []string{"Forwarded: for=192.0.2.66", "X-Real-IP: 192.0.2.66", "X-Client-IP: 192.0.2.66"}, somebody},
	} {
		t.Run(name, func(t *testing.T) {
			s.logged.TakeAll()
			check(t, s.send(signInAs(address(1), wrong, c.lines...).by(c.peer)), 401, badCredentials)
			if got := s.lastEvent().Client.Address.String(); got != c.want {
				t.Errorf("the audit trail says %s, want %s", got, c.want)
			}
			if got := s.logged.All()[0].ContextMap()["client"]; got != c.want {
				t.Errorf("the log says %s, want %s", got, c.want)
			}
		})
	}
}

// Without a list of proxies nobody is believed, also on loopback.
func TestNobodyIsTrustedByDefault(t *testing.T) {
	s := open(t)
	for _, peer := range []string{"127.0.0.1", "::1", "10.0.0.1", "192.168.1.1"} {
		s.send(signInAs(address(1), wrong, "X-Forwarded-For: 198.51.100.1").by(peer))
		if got := s.lastEvent().Client.Address.String(); got != peer {
			t.Errorf("got %s, want %s", got, peer)
		}
	}
}
