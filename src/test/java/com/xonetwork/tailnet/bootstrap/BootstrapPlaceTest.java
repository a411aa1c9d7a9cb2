package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootstrapPlaceTest {

    @ParameterizedTest
    @CsvSource({
        "https://xo.example.com, ",
        "https://xo.example.com:8443/base, ",
        "http://10.88.0.1:8083, ",
        "http://xo.example.com, must begin with https://",
        "ftp://xo.example.com, must begin with https://",
        "https://user@xo.example.com, must be like",
        "https://xo.example.com?a=b, must be like",
        "xo.example.com, must be like",
        "https://[, is not a URL",
    })
    void onlyAPlaceWhereAKeyCanBeFetchedSafely(String url, String refusal) {
        var place = BootstrapPlace.of(url, List.of(), Set.of("10.88.0.1"));
        if (refusal == null) {
            assertThat(place.refusal()).isEmpty();
            assertThat(place.url()).isEqualTo(url);
        } else {
            assertThat(place.refusal())
                    .hasValueSatisfying(why -> assertThat(why).contains(refusal));
        }
    }
}
