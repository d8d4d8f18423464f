package passwords

import (
	"encoding/binary"
	"math/bits"

	"golang.org/x/crypto/blake2b"
)

// This file computes what golang.org/x/crypto/argon2 does not: Argon2d, and version 0x10
// of every variant. It follows RFC 9106 §3. Version 0x10 differs in its number, and in
// that later passes overwrite a block instead of adding to it.
//
// The lanes are computed one after another: such hashes are rare, and each is replaced at
// the next sign-in.

const (
	argon2Slices    = 4
	argon2BlockSize = 1024 // bytes
)

type argon2Block [argon2BlockSize / 8]uint64

// argon2Memory is the matrix B of RFC 9106 §3.2, one lane after another.
type argon2Memory struct {
	argon2Cost
	blocks  []argon2Block
	lane    uint32 // blocks in a lane
	segment uint32 // blocks in a quarter of a lane
}

// argon2Segment says which quarter of which lane is computed, in which pass.
type argon2Segment struct{ pass, slice, lane uint32 }

func argon2Legacy(cost argon2Cost, password, salt []byte, length uint32) []byte {
	segment := cost.memory / (argon2Slices * cost.lanes)
	lane := argon2Slices * segment
	m := &argon2Memory{cost, make([]argon2Block, lane*cost.lanes), lane, segment}
	m.start(argon2Seed(cost, password, salt, length))
	for pass := range cost.time {
		for slice := range uint32(argon2Slices) {
			for lane := range cost.lanes {
				m.fill(argon2Segment{pass, slice, lane})
			}
		}
	}
	return m.tag(length)
}

// argon2Seed is H_0. There is neither a secret nor associated data.
func argon2Seed(cost argon2Cost, password, salt []byte, length uint32) []byte {
	var input []byte
	for _, number := range []uint32{
		cost.lanes, length, cost.memory, cost.time, cost.version, uint32(cost.variant),
	} {
		input = binary.LittleEndian.AppendUint32(input, number)
	}
	for _, text := range [][]byte{password, salt, nil, nil} {
		input = binary.LittleEndian.AppendUint32(input, uint32(len(text)))
		input = append(input, text...)
	}
	seed := blake2b.Sum512(input)
	return seed[:]
}

// argon2Stretch is H', a hash of any length.
func argon2Stretch(input []byte, length uint32) []byte {
	input = append(binary.LittleEndian.AppendUint32(nil, length), input...)
	if length <= blake2b.Size {
		return argon2Short(input, int(length))
	}
	sum := blake2b.Sum512(input)
	out := append(make([]byte, 0, length), sum[:blake2b.Size/2]...)
	for int(length)-len(out) > blake2b.Size {
		sum = blake2b.Sum512(sum[:])
		out = append(out, sum[:blake2b.Size/2]...)
	}
	return append(out, argon2Short(sum[:], int(length)-len(out))...)
}

// argon2Short is BLAKE2b of 1 to 64 bytes.
func argon2Short(input []byte, length int) []byte {
	digest, err := blake2b.New(length, nil)
	if err != nil {
		return nil // not with these lengths and no key
	}
	digest.Write(input)
	return digest.Sum(nil)
}

// start computes the first two blocks of each lane.
func (m *argon2Memory) start(seed []byte) {
	for lane := range m.lanes {
		for column := range uint32(2) {
			input := binary.LittleEndian.AppendUint32(seed[:len(seed):len(seed)], column)
			input = binary.LittleEndian.AppendUint32(input, lane)
			block := argon2Stretch(input, argon2BlockSize)
			for i := range m.blocks[lane*m.lane+column] {
				m.blocks[lane*m.lane+column][i] = binary.LittleEndian.Uint64(block[8*i:])
			}
		}
	}
}

// tag adds up the last blocks of all lanes and hashes them.
func (m *argon2Memory) tag(length uint32) []byte {
	var sum argon2Block
	for last := m.lane - 1; last < uint32(len(m.blocks)); last += m.lane {
		for i, word := range m.blocks[last] {
			sum[i] ^= word
		}
	}
	var input []byte
	for _, word := range sum {
		input = binary.LittleEndian.AppendUint64(input, word)
	}
	return argon2Stretch(input, length)
}

// fill computes one segment.
func (m *argon2Memory) fill(at argon2Segment) {
	lane := m.blocks[at.lane*m.lane:][:m.lane]
	adds := m.version != argon2Version10 && at.pass > 0
	var addresses argon2Addresses
	for i := m.first(at); i < m.segment; i++ {
		column := at.slice*m.segment + i
		previous := &lane[(column+m.lane-1)%m.lane]
		random := previous[0]
		if m.independent(at) {
			random = addresses.at(m, at, i)
		}
		lane[column].compress(previous, m.reference(at, i, random), adds)
	}
}

// first skips the blocks that start has computed.
func (m *argon2Memory) first(at argon2Segment) uint32 {
	if at.pass == 0 && at.slice == 0 {
		return 2
	}
	return 0
}

// independent reports whether the password may not decide which blocks are read.
func (m *argon2Memory) independent(at argon2Segment) bool {
	return m.variant == argon2i ||
		m.variant == argon2id && at.pass == 0 && at.slice < argon2Slices/2
}

// argon2Addresses are the pseudo-random numbers of a segment that is independent of the
// password (RFC 9106 §3.4.1.2), a block of them at a time.
type argon2Addresses struct {
	block   argon2Block
	counter uint64
}

func (a *argon2Addresses) at(m *argon2Memory, at argon2Segment, i uint32) uint64 {
	size := uint32(len(a.block))
	if counter := uint64(i/size) + 1; counter != a.counter {
		a.counter = counter
		var zero argon2Block
		input := argon2Block{
			uint64(at.pass), uint64(at.lane), uint64(at.slice), uint64(len(m.blocks)),
			uint64(m.time), uint64(m.variant), counter,
		}
		a.block.compress(&zero, &input, false)
		a.block.compress(&zero, &a.block, false)
	}
	return a.block[i%size]
}

// reference maps a pseudo-random number to a block that is already there: RFC 9106 §3.4.2.
func (m *argon2Memory) reference(at argon2Segment, i uint32, random uint64) *argon2Block {
	lane := uint32(random>>32) % m.lanes
	if at.pass == 0 && at.slice == 0 {
		lane = at.lane
	}
	start, count := uint32(0), at.slice*m.segment
	if at.pass > 0 {
		start, count = (at.slice+1)%argon2Slices*m.segment, m.lane-m.segment
	}
	switch {
	case lane == at.lane:
		count += i - 1 // all that this segment has but the previous block
	case i == 0:
		count--
	}
	j1 := random & 0xffffffff
	back := uint32((uint64(count) * (j1 * j1 >> 32)) >> 32)
	return &m.blocks[lane*m.lane+(start+count-1-back)%m.lane]
}

// compress sets the block to G(x, y), or adds G(x, y) to it: RFC 9106 §3.5.
func (b *argon2Block) compress(x, y *argon2Block, adds bool) {
	var r argon2Block
	for i := range r {
		r[i] = x[i] ^ y[i]
	}
	z := r
	for i := range 8 {
		z.permute(16*i, 2) // a row
	}
	for i := range 8 {
		z.permute(2*i, 16) // a column
	}
	for i := range z {
		z[i] ^= r[i]
		if adds {
			z[i] ^= b[i]
		}
	}
	*b = z
}

// permute applies P to eight pairs of words, the first at from, the others step apart:
// RFC 9106 §3.6.
func (b *argon2Block) permute(from, step int) {
	var v [16]uint64
	for i := range 8 {
		v[2*i], v[2*i+1] = b[from+step*i], b[from+step*i+1]
	}
	for i := range 4 {
		mix(&v[i], &v[4+i], &v[8+i], &v[12+i])
	}
	for i := range 4 {
		mix(&v[i], &v[4+(i+1)%4], &v[8+(i+2)%4], &v[12+(i+3)%4])
	}
	for i := range 8 {
		b[from+step*i], b[from+step*i+1] = v[2*i], v[2*i+1]
	}
}

// mix is GB of RFC 9106 §3.6.
func mix(a, b, c, d *uint64) {
	*a, *d = mixHalf(*a, *b, *d, 32)
	*c, *b = mixHalf(*c, *d, *b, 24)
	*a, *d = mixHalf(*a, *b, *d, 16)
	*c, *b = mixHalf(*c, *d, *b, 63)
}

// mixHalf adds b to a, with a product to make it slow in hardware, and turns d.
func mixHalf(a, b, d uint64, right int) (uint64, uint64) {
	a += b + 2*(a&0xffffffff)*(b&0xffffffff)
	return a, bits.RotateLeft64(a^d, -right)
}
