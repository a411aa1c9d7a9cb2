package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.xonetwork.tailnet.policy.PolicyContribution;
import java.util.Set;
import java.util.stream.Collectors;

/** A contribution to the policy file that nobody hands over is forgotten without a word. */
@AnalyzeClasses(packages = "com.xonetwork.tailnet", importOptions = ImportOption.DoNotIncludeTests.class)
class PolicyGathererTest {

    /** What any contribution is while it is not known. */
    private static final Set<String> OF_ALL = Set.of("UnknownContribution");

    @ArchTest
    static void eachContributionIsHandedOver(JavaClasses production) {
        var contributions = production.stream()
                .filter(candidate -> candidate.isAssignableTo(PolicyContribution.class) && !candidate.isInterface())
                .map(JavaClass::getSimpleName)
                .filter(name -> !OF_ALL.contains(name))
                .collect(Collectors.toSet());
        var handedOver = production.get(PolicyGatherer.class).getMethodCallsFromSelf().stream()
                .filter(call -> call.getTarget().getRawReturnType().isAssignableTo(PolicyContribution.class))
                .flatMap(call -> call.getTargetOwner().getConstructorCallsFromSelf().stream())
                .map(call -> call.getTargetOwner().getSimpleName())
                .collect(Collectors.toSet());

        assertThat(contributions).isNotEmpty();
        assertThat(handedOver)
                .as("PolicyGatherer.contributions() has a line for each of them")
                .containsAll(contributions);
    }
}
