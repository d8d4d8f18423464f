package program

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"gatehouse/cmd/gatehouse/internal/config"
)

// stamped is the version that the build has set.
var stamped = "" // set by -ldflags "-X gatehouse/cmd/gatehouse/internal/program.stamped=v1.2.3"

func versionCommand() *command {
	return &command{
		name:         "version",
		summary:      "print the version",
		description:  "Prints the version of the program, of Go, and of the libraries that matter most.",
		check:        noArguments,
		unconfigured: true,
		Run: func(_ context.Context, _ *config.Settings, p Process, _ []string) error {
			_, err := fmt.Fprintf(p.Stdout, "gatehouse %s\n%s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			for _, path := range []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp", "modernc.org/sqlite", "github.com/golang-jwt/jwt/v5"} {
				if err == nil {
					_, err = fmt.Fprintf(p.Stdout, "%s %s\n", path, moduleVersion(path))
				}
			}
			return err
		},
	}
}

// withVersionWord puts the command's name in the place of the flag that many programs have.
func withVersionWord(args []string) []string {
	if len(args) > 0 && (args[0] == "--version" || args[0] == "-version") {
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// version is the stamped version, or what Go knows of the source.
func version() string {
	if stamped != "" {
		return stamped
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	for _, module := range info.Deps {
		if module.Path == path {
			return module.Version
		}
	}
	return "(unknown)"
}
