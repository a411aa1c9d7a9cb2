package com.xonetwork.tailnet.tenancy;

import com.xonetwork.tailnet.scene.Scene;

/** What a tenant does with rights in its own namespace only, or a stranger with none. */
enum HostileAct {
    /** Templates whose schemas are exponential, endless, or have patterns that never come to an end. */
    SCHEMAS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.schemas(hostile);
        }
    },
    /** Runs as large as the API server takes them. */
    LARGE_RUNS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.largeRuns(hostile);
        }
    },
    /** Runs of templates that do not exist, each of another name. */
    INVENTED_NAMES {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.inventedNames(hostile);
        }
    },
    /** More runs than there are places, which never start and never end. */
    RUNS_WITHOUT_END {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.runsWithoutEnd(hostile);
        }
    },
    /** Policies of many rules and tests. */
    LARGE_POLICIES {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.largePolicies(hostile);
        }
    },
    /** The neighbour's own tailnet, with credentials that are none. */
    SQUATTING {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileObjects.squatting(hostile, neighbour);
        }
    },
    /** A control plane that answers no write, and many nodes to write. */
    HANGING_WRITES {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileControlPlane.hangingWrites(hostile);
        }
    },
    /** Many control planes that answer nothing. */
    HANGING_LISTS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileControlPlane.hangingLists(hostile);
        }
    },
    /** Control planes with lists of 16 MB. */
    LARGE_LISTS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileControlPlane.largeLists(hostile);
        }
    },
    /** A runner that reports what is far too long. */
    LARGE_EVENTS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileCalls.largeEvents(hostile);
        }
    },
    /** All the event streams that one account can get. */
    STREAMS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileCalls.streams(hostile);
        }
    },
    /** Tokens that are none, at the API, from the neighbour's own address. */
    JUNK_TOKENS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileCalls.junkTokens(hostile, neighbour);
        }
    },
    /** Reports of runs that do not exist. */
    JUNK_REPORTS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileCalls.junkReports();
        }
    },
    /** Requests at every port that never come to their end. */
    SLOW_HEADS {
        @Override
        Torment begin(Scene hostile, Neighbour neighbour) {
            return HostileCalls.slowHeads(hostile);
        }
    };

    /** Goes on until it is closed. */
    interface Torment extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns when it has begun to matter: what it asks for is under way. */
    abstract Torment begin(Scene hostile, Neighbour neighbour);
}
