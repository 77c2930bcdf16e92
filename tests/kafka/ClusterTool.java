import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * ClusterTool CONFIG BROKERS SECONDS ACLS WARM: waits until the cluster that
 * the Java properties file CONFIG reaches has BROKERS brokers and, unless WARM
 * is "some", every partition has all its replicas in sync. ACLS is "acls" to
 * let user copydesk use all topics, groups and transactions; WARM is "warm" to
 * create and delete a topic and make the cluster create its topics of offsets
 * and transactions, so that the first test does not wait for them.
 */
public final class ClusterTool {
    private static final String PROBE = "cluster-start-probe";

    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
            config.load(in);
        }
        int brokers = Integer.parseInt(args[1]);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
        boolean acls = args[3].equals("acls");
        boolean warm = args[4].equals("warm");
        boolean sync = !args[4].equals("some");

        Properties admin = new Properties();
        admin.putAll(config);
        admin.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
        admin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        admin.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200");
        String last = "not reached";
        boolean done = false;
        try (Admin client = Admin.create(admin)) {
            while (!done && System.nanoTime() < deadline) {
                try {
                    int nodes = client.describeCluster().nodes().get().size();
                    if (nodes < brokers) {
                        last = nodes + " of " + brokers + " brokers";
                    } else {
                        if (acls) {
                            client.createAcls(bindings()).all().get();
                            acls = false;
                        }
                        if (warm) {
                            probe(client);
                            coordinators(config);
                            warm = false;
                        }
                        last = sync ? lagging(client) : null;
                        done = last == null;
                    }
                } catch (ExecutionException | org.apache.kafka.common.KafkaException e) {
                    last = String.valueOf(e.getCause() == null ? e : e.getCause());
                }
                if (!done) {
                    Thread.sleep(100);
                }
            }
        }
        if (!done) {
            System.err.println("not ready: " + last);
            System.exit(1);
        }
    }

    private static Collection<AclBinding> bindings() {
        List<AclBinding> all = new ArrayList<>();
        for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.GROUP,
                ResourceType.TRANSACTIONAL_ID)) {
            all.add(allow(new ResourcePattern(type, "*", PatternType.LITERAL), AclOperation.ALL));
        }
        ResourcePattern cluster =
                new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
        all.add(allow(cluster, AclOperation.DESCRIBE));
        all.add(allow(cluster, AclOperation.IDEMPOTENT_WRITE));
        return all;
    }

    private static AclBinding allow(ResourcePattern pattern, AclOperation operation) {
        return new AclBinding(pattern, new AccessControlEntry("User:copydesk", "*", operation,
                AclPermissionType.ALLOW));
    }

    private static void probe(Admin client) throws Exception {
        try {
            client.createTopics(List.of(new NewTopic(PROBE, Optional.of(1), Optional.empty())))
                    .all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        try {
            client.deleteTopics(List.of(PROBE)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
    }

    /** Asks for a group's and a transaction's coordinator. */
    private static void coordinators(Properties config) {
        Properties consumer = new Properties();
        consumer.putAll(config);
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, PROBE);
        consumer.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        consumer.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(consumer,
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            java.util.Map<TopicPartition, OffsetAndMetadata> committed =
                    reader.committed(java.util.Set.of(new TopicPartition("__consumer_offsets", 0)));
            if (committed == null) {
                throw new IllegalStateException("no committed offsets");
            }
        }
        Properties producer = new Properties();
        producer.putAll(config);
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, PROBE);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        try (KafkaProducer<byte[], byte[]> writer = new KafkaProducer<>(producer,
                new ByteArraySerializer(), new ByteArraySerializer())) {
            writer.initTransactions();
        }
    }

    /** The first partition that lacks a leader or a replica, or null. */
    private static String lagging(Admin client) throws Exception {
        var names = client.listTopics(
                new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true))
                .names().get();
        for (TopicDescription topic : client.describeTopics(names).allTopicNames().get().values()) {
            for (var partition : topic.partitions()) {
                if (partition.leader() == null || partition.leader().isEmpty()
                        || partition.isr().size() < partition.replicas().size()) {
                    return topic.name() + "-" + partition.partition() + " is not in sync";
                }
            }
        }
        return null;
    }
}
