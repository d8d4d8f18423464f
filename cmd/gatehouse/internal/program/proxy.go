package program

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/cmd/gatehouse/internal/proxyfile"
)

func proxyCommand() *command {
	var wishes proxyfile.Wishes
	var check proxyCheck
	return &command{
		name:      "proxy",
		arguments: "nginx|caddy [--snippet] [--django ADDRESS [--guard]] [--max-upload SIZE], or gatehouse proxy --check URL [--file FILE]",
		summary:   "print the file of the reverse proxy in front of this shop, or check the proxy",
		description: `Prints the file for nginx or Caddy on standard output, from the paths that this version
answers and from the settings: GATEHOUSE_PUBLIC_URL, GATEHOUSE_LISTEN, and with --guard
GATEHOUSE_GUARD_LISTEN, GUARD_OPEN_PATHS and AUTH_COOKIE. Our paths go to Gatehouse in every
spelling, and Django cannot be asked for them past it. With --django all other paths go to
Django, with long answers, streams and WebSockets; with --guard, Gatehouse is asked about each
of those requests before, and Django gets who it is in headers. That needs no secret, no
database and no running service, and writes nothing.

With --check it asks every path through the proxy that runs, and prints a line for each
question: who has answered, whether the guard can be reached from outside, and whether false
X-Forwarded-For, X-Original-URL and Remote-User headers change anything. It runs beside the
service, with its settings and its data folder, and knows the service's answers by audit.key. It
signs nobody in, counts as no attempt, and leaves nothing but lines in the log. With --file it
compares an installed file with what would be printed, but for the lines about TLS and where the
proxy listens; the file says itself with which flags. Without --file, say --guard if the proxy
asks the guard.`,
		flags: func(set *flag.FlagSet) {
			wishFlags(&wishes, set)
			check.flags(set)
		},
		check: func(args []string) error {
			switch {
			case check.address != "" && len(args) == 0:
				return nil
			case check.address == "" && (check.file != "" || check.inJSON):
				return &cli.UsageError{Problem: "--file and --json go with --check"}
			}
			return wantProgram(args)
		},
		signsNothing: true,
		Run: func(ctx context.Context, s *config.Settings, p Process, args []string) error {
			shop := proxiedShop(s)
			if len(args) > 0 {
				wishes.Program = args[0]
			}
			if check.address != "" {
				return check.run(ctx, s, p, shop, wishes)
			}
			text, err := shop.File(wishes)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.Stdout, text)
			return err
		},
	}
}

func wishFlags(wishes *proxyfile.Wishes, set *flag.FlagSet) {
	set.BoolVar(&wishes.Snippet, "snippet", false, "print only what goes into a server block (nginx) or site block (Caddy) that is there already")
	set.BoolVar(&wishes.Guard, "guard", false, "ask Gatehouse before each request that goes to Django")
	set.StringVar(&wishes.Django, "django", "", "`address` of Django: 127.0.0.1:8000 or unix:/run/gunicorn.sock")
	set.StringVar(&wishes.MaxUpload, "max-upload", proxyfile.DefaultMaxUpload, "`size` of the largest body that Django gets, with k, m or g")
}

func wantProgram(args []string) error {
	if len(args) != 1 || !slices.Contains(proxyfile.Programs, args[0]) {
		return &cli.UsageError{Problem: "say which proxy the file is for: " + strings.Join(proxyfile.Programs, " or ")}
	}
	return nil
}

// proxiedShop is what the file says about this shop.
func proxiedShop(s *config.Settings) proxyfile.Shop {
	shop := proxyfile.Shop{
		PublicURL: publicURL(s), Listen: s.Listen, GuardListen: s.GuardListen, OpenPaths: s.Policy.OpenPaths, AccessCookie: s.Cookies.AccessName,
	}
	for _, path := range fiberhttp.Paths(s.Cookies) {
		shop.Paths = append(shop.Paths, proxyfile.Path(path))
	}
	return shop
}

// publicURL is nil unless it is set: what people see is not derived from where we listen.
func publicURL(s *config.Settings) *url.URL {
	if s.Written["GATEHOUSE_PUBLIC_URL"] == "" {
		return nil
	}
	return s.Public(nil)
}
