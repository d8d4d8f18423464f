package config

import (
	"slices"
	"strings"
)

const ownPrefix = "GATEHOUSE_"

// findDoubts reports variables of the environment, given as NAME=value, that look like settings and
// have no effect. A mistyped setting must not pass silently. Values are never repeated.
func (s *Settings) findDoubts(environ []string) (lines []string) {
	for _, name := range unknownVariables(environ) {
		line := name + " is not a setting, and counts for nothing"
		if near := nearest(name, knownVariables()); near != "" {
			line += ": did you mean " + near + "?"
		}
		lines = append(lines, line)
	}
	return append(lines, s.emptySecrets(environ)...)
}

// unknownVariables are the names with our prefix that no option has, sorted.
func unknownVariables(environ []string) (names []string) {
	known := knownVariables()
	for _, pair := range environ {
		name, _, isPair := strings.Cut(pair, "=")
		if isPair && strings.HasPrefix(name, ownPrefix) && !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func knownVariables() (names []string) {
	for _, o := range Options() {
		names = append(names, o.Name)
		if o.secret {
			names = append(names, o.Name+"_FILE")
		}
	}
	return names
}

// emptySecrets are the secrets that somebody has meant to set, when another key signs for
// want of any.
func (s *Settings) emptySecrets(environ []string) (lines []string) {
	if s.algorithm != "" || !s.Secret().Empty() {
		return nil
	}
	for _, o := range Options() {
		for _, name := range []string{o.Name, o.Name + "_FILE"} {
			if o.secret && slices.Contains(environ, name+"=") {
				lines = append(lines, name+" is empty: tokens are signed with a key of our own")
			}
		}
	}
	return lines
}
