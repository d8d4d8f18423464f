package fiberhttp

import (
	"strings"

	"github.com/mileusna/useragent"
)

// longestDevice is how many bytes of an unknown user agent are shown.
const longestDevice = 40

const unknownDevice = "Unknown device"

// deviceName names the browser and the system of a user agent, so that people recognise their
// devices.
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
