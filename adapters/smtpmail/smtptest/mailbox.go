package smtptest

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A Mail is a letter as it came.
type Mail struct {
	From, To, Text string
}

// keep writes the letter down so that it survives a power cut.
func (m Mail) keep(dir string) error {
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "*.part")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), strings.TrimSuffix(file.Name(), ".part")+".mail"); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Mails returns the letters in the folder, oldest first.
func Mails(dir string) (all []Mail, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.mail"))
	if err != nil {
		return nil, err
	}
	names = byAge(names)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var mail Mail
		if err := json.Unmarshal(content, &mail); err != nil {
			return nil, err
		}
		all = append(all, mail)
	}
	return all, nil
}
