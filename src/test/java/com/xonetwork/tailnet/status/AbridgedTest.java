package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AbridgedTest {

    @Test
    void aTextThatFitsStaysAsItIs() {
        assertThat(Abridged.text("12345", 5)).isEqualTo("12345");
        assertThat(Abridged.text("123456", 5)).isEqualTo("1234…");
    }

    @Test
    void aCharacterIsNotCutInTwo() {
        assertThat(Abridged.text("123\uD83D\uDE00 and more", 5)).isEqualTo("123…");
    }

    @Test
    void aListNamesTheFirstAndCountsTheOthers() {
        assertThat(Abridged.list(List.of(), 2)).isEmpty();
        assertThat(Abridged.list(List.of("a", "b"), 2)).isEqualTo("a, b");
        assertThat(Abridged.list(List.of("a", "b", "c", "d"), 2)).isEqualTo("a, b and 2 more");
        assertThat(Abridged.list(List.of(1, 2, 3), 2, "; ", String::valueOf)).isEqualTo("1; 2 and 1 more");
    }
}
