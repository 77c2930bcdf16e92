import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.hankcs.algorithm.AhoCorasickDoubleArrayTrie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;

/**
 * Enrich BROKERS RAW ENRICHED LEXICON_FOLDER: the peer in Kafka Streams. JSON
 * by Jackson, HTML by jsoup, residue by one compiled pattern, topics and names
 * by a double-array Aho-Corasick.
 */
public final class Enrich {
    private record Term(String topic, int weight) { }

    private record Name(String kind, String name) { }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double SHARE_MIN = 0.3;
    private static final int SCORE_MIN = 3;
    private static final int LINE_MAX = 600;

    private final Pattern residue;
    private final Pattern space = Pattern.compile("[ \\t\\u00a0]+");
    private final Pattern tracking = Pattern.compile("[?&]utm_[^&#]*");
    private final Map<String, String> broader = new HashMap<>();
    private final AhoCorasickDoubleArrayTrie<List<Term>> terms = new AhoCorasickDoubleArrayTrie<>();
    private final AhoCorasickDoubleArrayTrie<Name> names = new AhoCorasickDoubleArrayTrie<>();

    private Enrich(Path folder) throws IOException {
        residue = Pattern.compile(Files.readAllLines(folder.resolve("residue.txt")).stream()
                .map(line -> "(?:" + line + ")").collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE);
        for (String line : Files.readAllLines(folder.resolve("topics.tsv"))) {
            String[] fields = line.split("\t", -1);
            broader.put(fields[0], fields[1]);
        }
        TreeMap<String, List<Term>> words = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("lexicon.tsv"))) {
            String[] fields = line.split("\t");
            words.computeIfAbsent(fields[0], key -> new ArrayList<>())
                    .add(new Term(fields[1], Integer.parseInt(fields[2])));
        }
        terms.build(words);
        TreeMap<String, Name> forms = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("names.tsv"))) {
            String[] fields = line.split("\t");
            forms.put(fields[0], new Name(fields[1], fields[2]));
        }
        names.build(forms);
    }

    private byte[] enrich(byte[] value) {
        try {
            JsonNode in = JSON.readTree(value);
            ObjectNode out = JSON.createObjectNode();
            out.put("id", in.path("id").asText());
            out.put("url", in.path("url").asText());
            out.put("canonical_url", tracking.matcher(in.path("url").asText()).replaceAll(""));
            List<String> lines;
            if (in.has("html")) {
                lines = page(in.path("html").asText(), out);
            } else {
                out.put("title", in.path("title").asText());
                lines = List.of(in.path("text").asText().split("\n+"));
            }
            if (in.has("published_at")) {
                out.put("published_at", in.path("published_at").asText());
            }
            String body = clean(lines);
            out.put("body", body);
            out.put("word_count", words(body));
            out.put("language", in.path("language").asText("en"));
            subjects(out.path("title").asText() + "\n" + body, out.putArray("subjects"));
            mentions(body, out);
            return JSON.writeValueAsBytes(out);
        } catch (IOException e) {
            return ("{\"error\":\"" + e.getClass().getSimpleName() + "\"}").getBytes();
        }
    }

    private static List<String> page(String html, ObjectNode out) {
        Document document = Jsoup.parse(html);
        Element title = document.selectFirst("meta[property=og:title]");
        out.put("title", title == null ? document.title() : title.attr("content"));
        Element published = document.selectFirst("meta[property=article:published_time]");
        if (published != null) {
            out.put("published_at", published.attr("content"));
        }
        Element author = document.selectFirst("meta[name=author]");
        if (author != null) {
            out.putArray("authors").add(author.attr("content"));
        }
        Elements paragraphs = document.select("article p, [itemprop=articleBody] p");
        if (paragraphs.isEmpty()) {
            paragraphs = document.select("p");
        }
        paragraphs.removeIf(p -> p.hasClass("byline"));
        return paragraphs.eachText();
    }

    private String clean(List<String> lines) {
        StringBuilder body = new StringBuilder();
        for (String raw : lines) {
            String line = space.matcher(Normalizer.normalize(raw, Normalizer.Form.NFC)).replaceAll(" ").strip();
            if (line.isEmpty() || (line.length() < LINE_MAX && residue.matcher(line).matches())) {
                continue;
            }
            body.append(body.length() == 0 ? "" : "\n\n").append(line);
        }
        return body.toString();
    }

    private static int words(String text) {
        int count = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean letter = Character.isLetterOrDigit(text.charAt(i));
            count += letter && !inside ? 1 : 0;
            inside = letter;
        }
        return count;
    }

    private static boolean isWhole(String text, int begin, int end) {
        return (begin == 0 || !Character.isLetterOrDigit(text.charAt(begin - 1)))
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
    }

    private void subjects(String text, ArrayNode out) {
        Map<String, Double> scores = new HashMap<>();
        String folded = text.toLowerCase(Locale.ROOT);
        terms.parseText(folded, (begin, end, found) -> {
            if (isWhole(folded, begin, end)) {
                for (Term term : found) {
                    for (String topic = term.topic(); topic != null && !topic.isEmpty(); topic = broader.get(topic)) {
                        scores.merge(topic, (double) term.weight(), Double::sum);
                    }
                }
            }
        });
        double most = scores.values().stream().mapToDouble(score -> score).max().orElse(0);
        scores.entrySet().stream().filter(e -> e.getValue() >= SCORE_MIN && e.getValue() >= SHARE_MIN * most)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(e -> out.addObject().put("uri", e.getKey()).put("confidence", e.getValue() / (most + 1)));
    }

    private void mentions(String body, ObjectNode out) {
        Map<Name, Integer> counts = new HashMap<>();
        names.parseText(body, (begin, end, name) -> {
            if (isWhole(body, begin, end)) {
                counts.merge(name, 1, Integer::sum);
            }
        });
        ArrayNode places = out.putArray("places");
        ArrayNode organisations = out.putArray("organisations");
        counts.entrySet().stream().sorted(Comparator.comparing((Map.Entry<Name, Integer> e) -> -e.getValue())
                .thenComparing(e -> e.getKey().name()))
                .forEach(e -> (e.getKey().kind().equals("place") ? places : organisations).addObject()
                        .put("name", e.getKey().name()).put("count", e.getValue()));
    }

    public static void main(String[] args) throws Exception {
        Enrich enrich = new Enrich(Path.of(args[3]));
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, args[2]);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        config.put(StreamsConfig.STATE_DIR_CONFIG, Path.of("state").toAbsolutePath().toString());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[1], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())).mapValues(enrich::enrich)
                .to(args[2], Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close(Duration.ofSeconds(10));
            ended.countDown();
        }));
        streams.start();
        ended.await();
    }
}
