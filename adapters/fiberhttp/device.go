package fiberhttp

import (
	"strings"

	"github.com/mileusna/useragent"
)

// deviceName says in a few words what a user agent is, for people who wonder which of
// their devices that was.
func deviceName(userAgent string) string {
	agent := useragent.Parse(userAgent)
	system := agent.OS
	if agent.Device != "" {
		system = agent.Device
	}
	switch {
	case agent.Name != "" && system != "":
		return agent.Name + " on " + system
	case agent.Name != "":
		return agent.Name
	case userAgent != "":
		product, _, _ := strings.Cut(userAgent, " ")
		return product
	}
	return "Unknown device"
}
