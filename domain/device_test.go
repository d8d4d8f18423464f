package domain_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/domain"
)

func staffNumber(n int) domain.StaffID {
	return domain.StaffID(fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
}

const (
	deviceOne = domain.DeviceID("0123456789abcdef0123456789abcdef")
	deviceTwo = domain.DeviceID("fedcba9876543210fedcba9876543210")
)

var deviceKey = domain.NewDeviceKey(domain.NewSecret("sixteen random bytes"))

func TestADeviceIsKnownAgain(t *testing.T) {
	token := deviceKey.Issue(staffNumber(1), domain.DeviceToken{}, deviceOne)
	if id, ok := deviceKey.Device(staffNumber(1), token); !ok || id != deviceOne {
		t.Errorf("the device is %q, %t; want %q", id, ok, deviceOne)
	}
	again := deviceKey.Issue(staffNumber(1), token, deviceTwo)
	if again.Reveal() != token.Reveal() {
		t.Error("the same person gets another token for the same device")
	}
}

// A token is good for whom it was issued, unaltered, and under one key.
func TestADeviceTokenCannotBeForged(t *testing.T) {
	good := deviceKey.Issue(staffNumber(1), domain.DeviceToken{}, deviceOne).Reveal()
	other := domain.NewDeviceKey(domain.NewSecret("sixteen other bytes!")).Issue(staffNumber(1), domain.DeviceToken{}, deviceOne).Reveal()
	parts := strings.Split(good, ".")
	for name, text := range map[string]string{
		"nothing":       "",
		"dots":          "..",
		"another key":   other,
		"other version": "2" + good[1:],
		"other device":  parts[0] + "." + string(deviceTwo) + "." + parts[2],
		"no device":     parts[0] + ".." + parts[2],
		"no proof":      parts[0] + "." + parts[1],
		"empty proof":   parts[0] + "." + parts[1] + ".",
		"cut":           good[:len(good)-1],
		"longer":        good + "A",
		"capitals":      parts[0] + "." + strings.ToUpper(parts[1]) + "." + parts[2],
		"more garbage":  good + ".x",
		"too many":      good + strings.Repeat("."+parts[2], 16),
		"very long":     strings.Repeat(".", 1<<16),
	} {
		if id, ok := deviceKey.Device(staffNumber(1), domain.NewDeviceToken(text)); ok {
			t.Errorf("%s: the device %q is known", name, id)
		}
		if got := deviceKey.Issue(staffNumber(2), domain.NewDeviceToken(text), deviceTwo).Reveal(); name != "another key" && name != "other device" &&
			got != deviceKey.Issue(staffNumber(2), domain.DeviceToken{}, deviceTwo).Reveal() {
			t.Errorf("%s: a device goes on as %q", name, got)
		}
	}
	if _, ok := deviceKey.Device(staffNumber(2), domain.NewDeviceToken(good)); ok {
		t.Error("somebody else knows the device")
	}
	if text := fmt.Sprint(domain.NewDeviceToken(good), deviceKey); strings.Contains(text, parts[2]) || strings.Contains(text, "sixteen") {
		t.Errorf("printed: %s", text)
	}
}

// People who share a browser are all known there, the sixteen who came last.
func TestASharedDevice(t *testing.T) {
	const people = 20
	var token domain.DeviceToken
	for n := range people {
		token = deviceKey.Issue(staffNumber(n), token, []domain.DeviceID{deviceOne, deviceTwo}[min(n, 1)])
	}
	for n := range people {
		id, ok := deviceKey.Device(staffNumber(n), token)
		if want := n >= people-16; ok != want || ok && id != deviceOne {
			t.Errorf("person %d of %d is known: %q, %t; want %t", n, people, id, ok, want)
		}
	}
	if got := len(token.Reveal()); got > 512 {
		t.Errorf("the token has %d bytes", got)
	}
}
