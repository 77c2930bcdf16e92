import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Acls CONFIG CHANGE..: each CHANGE is +USER:OPERATION:TYPE:NAME (allow) or -USER:... (take back),
 * such as +copydesk:READ:TOPIC:s.raw; a NAME that ends with * is a prefix.
 */
public final class Acls {
    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[0]))) {
            config.load(in);
        }
        try (Admin client = Admin.create(config)) {
            for (int i = 1; i < args.length; i++) {
                AclBinding binding = binding(args[i].substring(1));
                if (args[i].startsWith("+")) {
                    client.createAcls(List.of(binding)).all().get();
                } else {
                    client.deleteAcls(List.of(binding.toFilter())).all().get();
                }
            }
        }
    }

    private static AclBinding binding(String text) {
        String[] part = text.split(":", 4);
        boolean isPrefix = part[3].endsWith("*");
        String name = isPrefix ? part[3].substring(0, part[3].length() - 1) : part[3];
        ResourcePattern pattern = new ResourcePattern(
                ResourceType.valueOf(part[2].toUpperCase(Locale.ROOT)), name,
                isPrefix ? PatternType.PREFIXED : PatternType.LITERAL);
        return new AclBinding(pattern, new AccessControlEntry("User:" + part[0], "*",
                AclOperation.valueOf(part[1].toUpperCase(Locale.ROOT)), AclPermissionType.ALLOW));
    }
}
