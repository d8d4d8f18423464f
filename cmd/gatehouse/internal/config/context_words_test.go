package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestWordsOfThePublicHost(t *testing.T) {
	t.Parallel()
	for public, want := range map[string][]string{
		"":                                {"gatehouse"},
		"https://shop.example":            {"gatehouse", "shop"},
		"https://auth.kauri.co.nz/people": {"gatehouse", "auth", "kauri"},
		"http://localhost:8080":           {"gatehouse", "localhost"},
		"http://127.0.0.1:8080":           {"gatehouse"},
		"http://[::1]:8080":               {"gatehouse"},
	} {
		s := mustLoad(t)
		if public != "" {
			s = mustLoad(t, "GATEHOUSE_PUBLIC_URL", public)
		}
		if got := s.ContextWords(); !slices.Equal(got, want) {
			t.Errorf("the words of %q are %q, want %q", public, got, want)
		}
	}
}

func TestTheNameOfTheShopIsAWord(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{"Kōwhai & Sons": {"gatehouse", "Kōwhai & Sons"}, "B&B": {"gatehouse"}, "": {"gatehouse"}} {
		if got := mustLoad(t, "SHOP_NAME", name).ContextWords(); !slices.Equal(got, want) {
			t.Errorf("the words of %q are %q, want %q", name, got, want)
		}
	}
}

func TestWordsOfTheOperator(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "words.txt")
	if err := os.WriteFile(file, []byte("# ours\nHollyford\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustLoad(t, "PASSWORD_BLOCKLIST_FILE", file).ContextWords(); !slices.Equal(got, []string{"gatehouse", "Hollyford"}) {
		t.Errorf("the words are %q", got)
	}
}
