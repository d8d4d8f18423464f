package domain_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const ordinaryWords = `anchor apron autumn bakery bamboo basket beacon bicycle blanket bottle branch breeze brick bucket button cabin
camera candle canvas carpet carrot castle cedar cellar chimney circle clay cloud cobbler copper corner cotton cradle crayon curtain
desert dinner doctor donkey drawer engine fabric feather fence ferry finger forest fossil garden garlic glacier hammer harbour helmet
honey insect island jacket jungle kettle ladder lantern lemon letter lizard marble meadow mirror mitten mountain mustard needle
onion orchard oyster paddle pebble pencil pepper pillow pocket potato puddle quilt rabbit ribbon river saddle salmon shovel spider
spoon stable table thimble ticket timber tractor trumpet tunnel turnip valley velvet violin wagon walnut whistle willow window zipper`

// Random words, four at a time, must get through, whatever is between them.
func TestHardlyAnyRandomPhraseIsRefused(t *testing.T) {
	const phrases, most = 2000, 10
	words, random, refused := strings.Fields(ordinaryWords), rand.New(rand.NewPCG(1, 2)), 0
	for range phrases {
		var chosen []string
		for _, i := range random.Perm(len(words))[:4] {
			chosen = append(chosen, words[i])
		}
		if err := checkNew(strings.Join(chosen, []string{" ", "-", ""}[random.IntN(3)])); err != nil {
			refused++
			t.Logf("%q: %v", chosen, err)
		}
	}
	if refused > most {
		t.Errorf("%d of %d are refused, want %d at most", refused, phrases, most)
	}
}
