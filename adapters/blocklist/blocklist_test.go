package blocklist_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"gatehouse/adapters/blocklist"
)

func TestRank(t *testing.T) {
	list := blocklist.New(blocklist.Config{})
	for text, want := range map[string]int{
		"123456": 1, "password": 2, "correct": 12948,
		"momsanaladventure": 40000, "correcthorsebatterystaple": 0, "Password": 0, "": 0, "\xff": 0,
	} {
		got := list.Rank(text)
		if near := want >= 40000 && got >= 1; got != want && !near {
			t.Errorf("the rank of %q is %d, want %d", text, got, want)
		}
	}
	for _, text := range []string{"qwertyuiopasdfgh", "abcdefghijklmnop", "thisismypassword", "theycanttakethatawayfromme"} {
		if got := list.Rank(text); got != 49_234 {
			t.Errorf("the rank of %q is %d, want that of the long ones", text, got)
		}
	}
}

func TestRankConcurrently(t *testing.T) {
	list := blocklist.New(blocklist.Config{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if list.Rank("dragon") == 0 {
				t.Error("dragon is not there")
			}
		})
	}
	all.Wait()
}

func TestWords(t *testing.T) {
	given := []string{"Kauri", "joinery"}
	list := blocklist.New(blocklist.Config{Words: given})
	given[0] = "changed"
	list.Words()[1] = "changed"
	if got := strings.Join(list.Words(), " "); got != "Kauri joinery" {
		t.Errorf("the words are %q", got)
	}
	if got := blocklist.New(blocklist.Config{}).Words(); !slices.Equal(got, nil) {
		t.Errorf("without words they are %q", got)
	}
}
