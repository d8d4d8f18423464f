package fiberhttp

import (
	"strings"

	"github.com/mileusna/useragent"
)

// longestDevice is how much of an unknown user agent is shown, in bytes.
const longestDevice = 40

const unknownDevice = "Unknown device"

// deviceName says in a few words what a user agent is, for people who wonder which of
// their devices that was.
func deviceName(userAgent string) string {
	agent := useragent.Parse(userAgent)
	name, system := agent.Name, agent.OS
	if agent.Device != "" {
		system = agent.Device
	}
	if name == userAgent { // the library does not know it
		name = strings.ToValidUTF8(userAgent[:min(len(userAgent), longestDevice)], "")
	}
	switch {
	case name == "":
		return unknownDevice
	case system == "":
		return name
	}
	return name + " on " + system
}
