package program

import (
	"io"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	"gatehouse/adapters/system"
)

// newLogger writes JSON lines, or lines for people when out is a terminal. Logging waits
// for nothing; sync the logger before the process ends.
func newLogger(out io.Writer) *zap.Logger {
	encoder := logEncoder(isTerminal(out))
	sink := newLogSink(out, func(count int) []byte { return lossLine(encoder, count) })
	return zap.New(zapcore.NewCore(encoder, sink, zapcore.InfoLevel))
}

func logEncoder(forPeople bool) zapcore.Encoder {
	config := zap.NewProductionEncoderConfig()
	config.TimeKey = "time"
	config.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	config.EncodeDuration = zapcore.StringDurationEncoder
	if forPeople {
		config.EncodeLevel = zapcore.CapitalLevelEncoder
		return zapcore.NewConsoleEncoder(config)
	}
	return zapcore.NewJSONEncoder(config)
}

// lossLine says in the log how many lines are missing from it.
func lossLine(encoder zapcore.Encoder, count int) []byte {
	line, err := encoder.EncodeEntry(
		zapcore.Entry{Level: zapcore.WarnLevel, Time: system.NewClock()(), Message: "log lines lost"},
		[]zapcore.Field{zap.Int("count", count)})
	if err != nil {
		return nil
	}
	return line.Bytes()
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
