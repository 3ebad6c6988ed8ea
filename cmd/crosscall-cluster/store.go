package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// A store has the contents of a job, by their hash, and the replies to its units. A reply is
// written once; a later one is dropped.
type store struct {
	js     jetstream.JetStream
	bucket string
	kv     jetstream.KeyValue
	most   int // bytes of a value
}

const (
	contentKey = "content." // and a hash
	replyKey   = "reply."   // and the name of a unit
	pieceKey   = "piece."   // of a reply that is too large for a value
)

// openStore opens the store of a job. It can create the store.
func openStore(ctx context.Context, js jetstream.JetStream, job string, create bool, storage jetstream.StorageType) (*store, error) {
	bucket := bucketPrefix + job
	kv, err := js.KeyValue(ctx, bucket)
	if create && errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, History: 1, TTL: forget, Storage: storage})
	}
	if err != nil {
		return nil, err
	}
	most := int(js.Conn().MaxPayload()) - 4096
	return &store{js, bucket, kv, most}, nil
}

// hashOf is the name of a content.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// put stores a content and returns its hash.
func (s *store) put(ctx context.Context, data []byte) (hash string, err error) {
	hash = hashOf(data)
	return hash, s.create(ctx, contentKey+hash, data)
}

// get returns a content.
func (s *store) get(ctx context.Context, hash string) ([]byte, error) {
	entry, err := s.kv.Get(ctx, contentKey+hash)
	if err != nil {
		return nil, err
	}
	data, err := s.unpack(ctx, entry.Value())
	if err == nil && hashOf(data) != hash {
		err = fmt.Errorf("what is kept as %s is not that", hash)
	}
	return data, err
}

// reply writes the reply to a unit, unless the unit has one.
func (s *store) reply(ctx context.Context, unit string, data []byte) error {
	return s.create(ctx, replyKey+unit, data)
}

// replied reports whether there is a reply to a unit.
func (s *store) replied(ctx context.Context, unit string) bool {
	_, err := s.kv.Get(ctx, replyKey+unit)
	return err == nil
}

// create writes a value unless the key has one. It tries until the value is there, the store
// is gone, or ctx ends.
func (s *store) create(ctx context.Context, key string, data []byte) error {
	value, err := s.pack(ctx, data)
	if err != nil {
		return err
	}
	return insist(ctx, func(ctx context.Context) error {
		_, err := s.kv.Create(ctx, key, value)
		switch {
		case errors.Is(err, jetstream.ErrKeyExists):
			return nil
		case errors.Is(err, jetstream.ErrNoStreamResponse): // or the server has just begun
			if _, gone := s.js.KeyValue(ctx, s.bucket); isGone(gone) {
				return gone
			}
		}
		return err
	})
}

// A large value is stored in pieces under a unique name, and pieces is the value in its place.
type pieces struct {
	Name  string
	Count int
}

// The first byte of a value.
const (
	isWhole  = 'w'
	isPieces = 'p'
)

func (s *store) pack(ctx context.Context, data []byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte(isWhole)
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, err := z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil || b.Len() <= s.most {
		return b.Bytes(), err
	}
	packed, p := b.Bytes()[1:], pieces{Name: nuid.Next()}
	for ; len(packed) > 0; p.Count++ {
		n := min(len(packed), s.most)
		piece, key := packed[:n], fmt.Sprintf("%s%s.%d", pieceKey, p.Name, p.Count)
		packed = packed[n:]
		err := insist(ctx, func(ctx context.Context) error {
			_, err := s.kv.Put(ctx, key, piece)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(p)
	return append([]byte{isPieces}, text...), err
}

func (s *store) unpack(ctx context.Context, value []byte) ([]byte, error) {
	if len(value) == 0 {
		return nil, errors.New("a value is empty")
	}
	packed := value[1:]
	if value[0] == isPieces {
		var p pieces
		if err := json.Unmarshal(packed, &p); err != nil {
			return nil, err
		}
		packed = nil
		for i := range p.Count {
			entry, err := s.kv.Get(ctx, fmt.Sprintf("%s%s.%d", pieceKey, p.Name, i))
			if err != nil {
				return nil, err
			}
			packed = append(packed, entry.Value()...)
		}
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// isGone reports whether an error says that the job's store was deleted.
func isGone(err error) bool {
	return errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// insist calls a function again while the server cannot be reached. The function may take
// effect twice.
func insist(ctx context.Context, do func(context.Context) error) error {
	patience := time.Second // for one try
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		patience = min(2*patience, 30*time.Second)
		limited, cancel := context.WithTimeout(ctx, patience)
		err := do(limited)
		cancel()
		if err == nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if refused := new(jetstream.APIError); errors.As(err, &refused) && refused.Code < 500 {
			return err
		}
		if isGone(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
