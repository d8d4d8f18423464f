package main

import (
	"strings"
	"testing"
	"time"
)

func TestAimsAreJudged(t *testing.T) {
	found := findings{busy: {
		limit:         {perSecond: 1000, cpu: 10 * time.Microsecond},
		refresh:       {perSecond: 600, cpu: 18 * time.Microsecond},
		refreshRotate: {perSecond: 499},
	}}
	servers := []condition{{peak: 100e6, startUp: time.Second}, {peak: 151e6}}
	for text, want := range map[string]string{
		"refresh: requests/s of the limit's":               "0.6 met",
		"refresh: CPU of the limit's":                      "1.8 **not met**",
		"refresh with rotation: requests/s of the limit's": "0.499 **not met**",
		"me/: requests/s of a limit that verifies":         " not measured",
		"most memory ever resident":                        "151 MB **not met**",
		"start-up":                                         "1 s met",
	} {
		if got := judged(text, found, servers); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func judged(text string, found findings, servers []condition) string {
	for _, a := range aims() {
		if a.text == text {
			figure, verdict := a.judge(found, servers)
			return figure + " " + verdict
		}
	}
	return "no such aim"
}

func TestEveryTargetCanBeChosen(t *testing.T) {
	fleet := &fleet{grown: &server{}}
	for _, target := range fleet.targets() {
		chosen, err := chosen(fleet.targets(), list(target.name))
		if err != nil || len(chosen) != 1 || chosen[0].name != target.name {
			t.Errorf("%s: %v, %v", target.name, chosen, err)
		}
	}
	if _, err := chosen(fleet.targets(), list("limit,tokens/")); err == nil || !strings.Contains(err.Error(), "tokens/") {
		t.Errorf("a target that is not there: %v", err)
	}
}

func TestTheNewestRefreshTokenIsKept(t *testing.T) {
	s := &server{sessions: []tokens{{Refresh: "first"}, {Refresh: "other"}}}
	rotating := rotating(s)
	for _, reply := range []string{`{"access":"a","refresh":"second"}`, `{"refresh":"third","access":"a"}`} {
		if err := rotating.answered(0, []byte(reply)); err != nil {
			t.Fatal(err)
		}
	}
	if err := rotating.answered(0, []byte(`{"access":"a"}`)); err == nil {
		t.Error("a reply without a refresh token is taken for one")
	}
	first, _ := rotating.request(0)
	other, _ := rotating.request(1)
	if string(first) != `{"refresh":"third"}` || string(other) != `{"refresh":"other"}` {
		t.Errorf("presented are %s and %s", first, other)
	}
}
