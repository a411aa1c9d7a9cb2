package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.xonetwork.tailnet.simulator.Effect.Delivery;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What goes wrong. Each method but {@link #delayedBy} switches the fault on. */
public final class FaultKind {

    private static final String NOT_ON_PLAN = "feature not available on current billing plan";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
            + "<body><h1>Please sign in to the network</h1></body></html>\n";
    private static final String GATEWAY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
            + "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Duration delay;
    private final Function<Effect, Fault> switchOn;

    FaultKind(Duration delay, Function<Effect, Fault> switchOn) {
        this.delay = delay;
        this.switchOn = switchOn;
    }

    private Fault on(Effect effect) {
        return switchOn.apply(effect.after(delay));
    }

    /** Whatever is said next comes only after this time. */
    public FaultKind delayedBy(Duration time) {
        return new FaultKind(time, switchOn);
    }

    /** The right answer, late. What the call asks for is done at once: a caller that gives up early has had its effect. */
    public Fault delay(Duration time) {
        return delayedBy(time).on(Effect.NONE);
    }

    /** This status with the message that the service has for it; nothing is done. */
    public Fault status(int code) {
        return on(Effect.instead(Answer.error(code, messageOf(code))));
    }

    /** This answer; nothing is done. */
    public Fault status(int code, String body, String contentType) {
        return on(Effect.instead(Answer.text(code, contentType, body)));
    }

    /** 200 with a web page, as of a captive portal. */
    public Fault html() {
        return status(200, PAGE, HTML);
    }

    /** 502 with a web page, as of a proxy in front of the service. */
    public Fault badGatewayPage() {
        return status(502, GATEWAY_PAGE, HTML);
    }

    /** 403: the tailnet's plan does not have this. */
    public Fault notOnThisPlan() {
        return on(Effect.instead(Answer.error(403, NOT_ON_PLAN)));
    }

    /** 429 without a word on when to come back. */
    public Fault rateLimited() {
        return status(429);
    }

    /** 429 with {@code Retry-After} in seconds. */
    public Fault rateLimited(Duration retryAfter) {
        return rateLimitedHeader(Long.toString(retryAfter.toSeconds()));
    }

    /** 429 with {@code Retry-After} as a date. */
    public Fault rateLimitedUntil(Instant when) {
        return rateLimitedHeader(HTTP_DATE.format(when));
    }

    private Fault rateLimitedHeader(String retryAfter) {
        return on(Effect.instead(Answer.error(429, messageOf(429)).withHeader("Retry-After", retryAfter)));
    }

    /** The right answer with its list empty. */
    public Fault emptyList() {
        return on(Effect.performed(answer -> cutLists(answer, 0)));
    }

    /** The right answer with the first half of its list only, well-formed. */
    public Fault halfList() {
        return on(Effect.performed(answer -> cutLists(answer, 2)));
    }

    /** The right answer with its body rewritten. */
    public Fault rewrite(UnaryOperator<String> change) {
        return on(Effect.performed(answer -> answer.withBody(
                change.apply(new String(answer.body(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8))));
    }

    /** No answer at all, and the connection stays open. Nothing is done. */
    public Fault hang() {
        return on(Effect.lost(false, Delivery.NEVER));
    }

    /** The head of the right answer and half of its body, then the connection ends. */
    public Fault truncated() {
        return on(Effect.lost(true, Delivery.TRUNCATED));
    }

    /** As {@link #truncated}, with a chunked body: no length tells that some of it is missing. */
    public Fault truncatedChunked() {
        return on(Effect.lost(true, Delivery.TRUNCATED_CHUNKED));
    }

    /** The connection is closed without an answer. Nothing is done. */
    public Fault cut() {
        return on(Effect.lost(false, Delivery.CLOSED));
    }

    /** The connection is reset (TCP RST) without an answer. Nothing is done. */
    public Fault reset() {
        return on(Effect.lost(false, Delivery.RESET));
    }

    /** What the call asks for is done; the answer is this status. */
    public Fault actThenStatus(int code) {
        return on(Effect.performed(answer -> Answer.error(code, messageOf(code))));
    }

    /** What the call asks for is done; then the connection is closed without an answer. */
    public Fault actThenCut() {
        return on(Effect.lost(true, Delivery.CLOSED));
    }

    /** What the call asks for is done; the answer never comes. */
    public Fault actThenHang() {
        return on(Effect.lost(true, Delivery.NEVER));
    }

    private static Answer cutLists(Answer answer, int divisor) {
        return Json.parseObject(answer.body())
                .map(body -> {
                    for (var field : body.properties()) {
                        if (field.getValue() instanceof ArrayNode list) {
                            var keep = divisor == 0 ? 0 : list.size() / divisor;
                            while (list.size() > keep) {
                                list.remove(list.size() - 1);
                            }
                        }
                    }
                    return answer.withBody(Json.bytes(body));
                })
                .orElse(answer);
    }

    private static String messageOf(int code) {
        return switch (code) {
            case 401 -> ApiError.TOKEN_INVALID;
            case 402 -> NOT_ON_PLAN;
            case 403 -> ApiError.NO_PERMISSION;
            case 404 -> ApiError.NO_DEVICE;
            case 412 -> "precondition failed, invalid old hash";
            case 429 -> "too many requests";
            case 504 -> "request took too long to process, please try again later";
            default -> code >= 500 ? "internal server error" : "bad request";
        };
    }
}
