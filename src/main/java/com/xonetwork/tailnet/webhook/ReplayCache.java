package com.xonetwork.tailnet.webhook;

import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Remembers genuine deliveries for as long as their signatures are good. Bounded: when it is full the oldest is forgotten, and
 * what its repetition could then cause is one more poll, which is bounded as well.
 */
final class ReplayCache {

    /** A delivery signed for five minutes ahead is good for ten. */
    private static final Duration MEMORY = SignatureVerifier.TOLERANCE.multipliedBy(2);

    private final int most;
    private final Map<String, Instant> until = new LinkedHashMap<>();

    ReplayCache(int most) {
        this.most = most;
    }

    /**
     * Whether this delivery comes for the first time; only genuine ones are to be asked about. Told apart by what was
     * signed, not by the signature: the same message may carry the signatures of several secrets.
     */
    synchronized boolean isFirst(TailnetKey tailnet, String timestamp, byte[] body, Instant now) {
        until.values().removeIf(end -> end.isBefore(now));
        var name = name(tailnet, timestamp, body);
        if (until.containsKey(name)) {
            return false;
        }
        if (until.size() >= most) {
            until.remove(until.keySet().iterator().next());
        }
        until.put(name, now.plus(MEMORY));
        return true;
    }

    synchronized int size() {
        return until.size();
    }

    private static String name(TailnetKey tailnet, String timestamp, byte[] body) {
        var sha256 = DigestUtils.updateDigest(DigestUtils.getSha256Digest(), tailnet + "\n" + timestamp + ".");
        return HexFormat.of().formatHex(sha256.digest(body));
    }
}
