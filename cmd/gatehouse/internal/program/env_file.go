package program

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/keyfile"
	"gatehouse/cmd/gatehouse/internal/config"
)

const envFileFlag = "--env-file"

// withEnvironmentFile takes --env-file FILE from the start of args. The settings of the file count like
// variables of the environment. What is set in the environment itself counts more: it is nearer to the
// person who types the command.
func withEnvironmentFile(args []string, p Process) ([]string, Process, error) {
	path, rest, given, err := environmentFile(args)
	if err != nil || !given {
		return rest, p, err
	}
	settings, err := readEnvironmentFile(path)
	if err != nil {
		return nil, p, fmt.Errorf("%s %s: %w", envFileFlag, path, err)
	}
	own := p.Environ()
	environ := slices.Clone(own)
	for name, value := range settings {
		if isSet := func(pair string) bool { return strings.HasPrefix(pair, name+"=") }; slices.ContainsFunc(own, isSet) {
			delete(settings, name)
			continue
		}
		environ = append(environ, name+"="+value)
	}
	getenv := p.Getenv
	p.Environ = func() []string { return environ }
	p.Getenv = func(name string) string {
		if value, ofFile := settings[name]; ofFile {
			return value
		}
		return getenv(name)
	}
	return rest, p, nil
}

func environmentFile(args []string) (path string, rest []string, given bool, err error) {
	if len(args) == 0 {
		return "", args, false, nil
	}
	name, path, joined := strings.Cut(args[0], "=")
	switch {
	case name != envFileFlag:
		return "", args, false, nil
	case !joined && len(args) > 1:
		path, args = args[1], args[1:]
	}
	if path == "" {
		return "", nil, true, &cli.UsageError{Problem: "write gatehouse --env-file FILE COMMAND"}
	}
	return path, args[1:], true, nil
}

func readEnvironmentFile(path string) (map[string]string, error) {
	file, err := keyfile.OpenTrusted(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, config.MaxEnvironmentFile+1))
	if err != nil {
		return nil, err
	}
	return config.ParseEnvironmentFile(content)
}
