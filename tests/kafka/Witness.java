import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Witness BOOTSTRAP TOPIC [--uncommitted] [--count] [--config FILE]: reads a
 * topic with Kafka's own Java client, partition by partition, from the
 * beginning to the end offsets that it found at its start, and prints one JSON
 * object a record on stdout, or with --count only how many there are.
 */
public final class Witness {
    private static final long STALL_NANOS = Duration.ofSeconds(30).toNanos();

    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        List<String> plain = new ArrayList<>();
        boolean committed = true;
        boolean count = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--uncommitted" -> committed = false;
                case "--count" -> count = true;
                case "--config" -> {
                    try (Reader in = Files.newBufferedReader(Path.of(args[++i]))) {
                        config.load(in);
                    }
                }
                default -> plain.add(args[i]);
            }
        }
        if (plain.size() != 2) {
            System.err.println("usage: witness BOOTSTRAP TOPIC [--uncommitted] [--count]");
            System.exit(2);
        }
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, plain.get(0));
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                committed ? "read_committed" : "read_uncommitted");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        long records;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config,
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
                PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16),
                        false, StandardCharsets.US_ASCII)) {
            records = read(consumer, plain.get(1), count ? null : out);
            if (count) {
                out.println(records);
            }
            out.flush();
            if (out.checkError()) {
                throw new java.io.IOException("cannot write the output");
            }
        } catch (Exception e) {
            System.err.println("witness: " + e);
            System.exit(1);
        }
    }

    /** Reads every partition; out may be null. Returns the number of records. */
    private static long read(KafkaConsumer<byte[], byte[]> consumer, String topic,
            PrintStream out) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new IllegalStateException("no topic '" + topic + "'");
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo info : infos) {
            partitions.add(new TopicPartition(topic, info.partition()));
        }
        partitions.sort(Comparator.comparingInt(TopicPartition::partition));
        // At read_committed an end offset is the last stable one.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        long records = 0;
        StringBuilder line = new StringBuilder();
        for (TopicPartition partition : partitions) {
            long end = ends.get(partition);
            long position = begins.get(partition);
            consumer.assign(List.of(partition));
            consumer.seek(partition, position);
            long moved = System.nanoTime();
            while (position < end) {
                for (ConsumerRecord<byte[], byte[]> record
                        : consumer.poll(Duration.ofMillis(200))) {
                    if (record.offset() >= end) {
                        break;
                    }
                    records++;
                    if (out != null) {
                        line.setLength(0);
                        print(line, record);
                        out.append(line);
                    }
                }
                // The position also passes the markers and the aborted records.
                long now = consumer.position(partition);
                if (now > position) {
                    position = now;
                    moved = System.nanoTime();
                } else if (System.nanoTime() - moved > STALL_NANOS) {
                    throw new IllegalStateException(partition + " stands at " + position
                            + ", its end is " + end);
                }
            }
        }
        return records;
    }

    private static void print(StringBuilder line, ConsumerRecord<byte[], byte[]> record) {
        // A topic's name has only letters, digits, '.', '_' and '-'.
        line.append("{\"topic\": \"").append(record.topic())
                .append("\", \"partition\": ").append(record.partition())
                .append(", \"offset\": ").append(record.offset())
                .append(", \"timestamp\": ").append(record.timestamp())
                .append(", \"key\": ");
        base64(line, record.key());
        line.append(", \"value\": ");
        base64(line, record.value());
        line.append(", \"headers\": [");
        String comma = "";
        for (Header header : record.headers()) {
            line.append(comma).append('[');
            string(line, header.key());
            line.append(", ");
            base64(line, header.value());
            line.append(']');
            comma = ", ";
        }
        line.append("]}\n");
    }

    private static void base64(StringBuilder line, byte[] bytes) {
        if (bytes == null) {
            line.append("null");
        } else {
            line.append('"').append(Base64.getEncoder().encodeToString(bytes)).append('"');
        }
    }

    private static void string(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
