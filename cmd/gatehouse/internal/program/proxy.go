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
	return &command{
		name:      "proxy",
		arguments: "nginx|caddy [--snippet] [--django ADDRESS [--guard]] [--max-upload SIZE]",
		summary:   "print the file of the reverse proxy in front of this shop",
		description: `Prints the file for nginx or Caddy on standard output, from the paths that this version
answers and from the settings: GATEHOUSE_PUBLIC_URL, GATEHOUSE_LISTEN, and with --guard
GATEHOUSE_GUARD_LISTEN, GUARD_OPEN_PATHS and AUTH_COOKIE. Our paths go to Gatehouse in every
spelling, and Django cannot be asked for them past it. With --django all other paths go to
Django, with long answers, streams and WebSockets; with --guard, Gatehouse is asked about each
of those requests before, and Django gets who it is in headers.

It needs no secret, no database and no running service, and writes nothing.`,
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&wishes.Snippet, "snippet", false, "print only what goes into a server block (nginx) or site block (Caddy) that is there already")
			set.BoolVar(&wishes.Guard, "guard", false, "ask Gatehouse before each request that goes to Django")
			set.StringVar(&wishes.Django, "django", "", "`address` of Django: 127.0.0.1:8000 or unix:/run/gunicorn.sock")
			set.StringVar(&wishes.MaxUpload, "max-upload", proxyfile.DefaultMaxUpload, "`size` of the largest body that Django gets, with k, m or g")
		},
		check: func(args []string) error {
			if len(args) != 1 || !slices.Contains(proxyfile.Programs, args[0]) {
				return &cli.UsageError{Problem: "say which proxy the file is for: " + strings.Join(proxyfile.Programs, " or ")}
			}
			return nil
		},
		signsNothing: true,
		Run: func(_ context.Context, s *config.Settings, p Process, args []string) error {
			wishes.Program = args[0]
			text, err := proxiedShop(s, p.Getenv).File(wishes)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.Stdout, text)
			return err
		},
	}
}

// proxiedShop is what the file says about this shop.
func proxiedShop(s *config.Settings, getenv func(string) string) proxyfile.Shop {
	shop := proxyfile.Shop{PublicURL: publicURL(s), Listen: s.Listen, GuardListen: getenv("GATEHOUSE_GUARD_LISTEN"), AccessCookie: s.Cookies.AccessName}
	if open := getenv("GUARD_OPEN_PATHS"); open != "" {
		shop.OpenPaths = strings.Split(open, ",")
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
