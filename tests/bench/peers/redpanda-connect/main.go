// The peer in Redpanda Connect: its own engine (benthos, MIT) with its pure components and its
// Kafka client (franz-go). The Kafka input and output of the product come in a module of another
// licence, so the two here are written for this comparison, as lean as they can be: batches as they
// are fetched, at least once, offsets committed after the output acknowledged.
package main

import (
	"context"
	"os"
	"sync"
	"time"

	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
	"github.com/twmb/franz-go/pkg/kgo"
)

const batchMax = 100

type input struct {
	client  *kgo.Client
	pending []*kgo.Record
	marks   sync.Mutex
}

func newInput(conf *service.ParsedConfig) (service.BatchInput, error) {
	topic, _ := conf.FieldString("topic")
	group, _ := conf.FieldString("group")
	client, err := kgo.NewClient(kgo.SeedBrokers(os.Getenv("BROKERS")), kgo.ConsumeTopics(topic), kgo.ConsumerGroup(group),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.AutoCommitMarks(), kgo.AutoCommitInterval(100*time.Millisecond))
	return &input{client: client}, err
}

func (in *input) Connect(context.Context) error { return nil }

func (in *input) ReadBatch(ctx context.Context) (service.MessageBatch, service.AckFunc, error) {
	for len(in.pending) == 0 {
		fetches := in.client.PollRecords(ctx, batchMax)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		in.pending = fetches.Records()
	}
	records := in.pending
	in.pending = nil
	batch := make(service.MessageBatch, len(records))
	for i, record := range records {
		batch[i] = service.NewMessage(record.Value)
		batch[i].MetaSetMut("kafka_key", record.Key)
	}
	return batch, func(_ context.Context, err error) error {
		if err == nil {
			in.marks.Lock()
			in.client.MarkCommitRecords(records...)
			in.marks.Unlock()
		}
		return nil
	}, nil
}

func (in *input) Close(context.Context) error {
	in.client.Close()
	return nil
}

type output struct {
	client *kgo.Client
}

func newOutput(conf *service.ParsedConfig) (service.BatchOutput, service.BatchPolicy, int, error) {
	topic, _ := conf.FieldString("topic")
	client, err := kgo.NewClient(kgo.SeedBrokers(os.Getenv("BROKERS")), kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(kgo.NoCompression()))
	return &output{client}, service.BatchPolicy{}, 4, err
}

func (out *output) Connect(context.Context) error { return nil }

func (out *output) WriteBatch(ctx context.Context, batch service.MessageBatch) error {
	records := make([]*kgo.Record, len(batch))
	for i, message := range batch {
		value, err := message.AsBytes()
		if err != nil {
			return err
		}
		key, _ := message.MetaGetMut("kafka_key")
		bytes, _ := key.([]byte)
		records[i] = &kgo.Record{Key: bytes, Value: value}
	}
	return out.client.ProduceSync(ctx, records...).FirstErr()
}

func (out *output) Close(context.Context) error {
	out.client.Close()
	return nil
}

func main() {
	topic, group := service.NewStringField("topic"), service.NewStringField("group")
	must(service.RegisterBatchInput("kafka", service.NewConfigSpec().Fields(topic, group),
		func(conf *service.ParsedConfig, _ *service.Resources) (service.BatchInput, error) { return newInput(conf) }))
	must(service.RegisterBatchOutput("kafka", service.NewConfigSpec().Field(topic),
		func(conf *service.ParsedConfig, _ *service.Resources) (service.BatchOutput, service.BatchPolicy, int, error) {
			return newOutput(conf)
		}))
	service.RunCLI(context.Background())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
