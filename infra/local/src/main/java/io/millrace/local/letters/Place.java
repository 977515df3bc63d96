package io.millrace.local.letters;

import io.millrace.record.DeadLetter;

/** Where a record stood. */
record Place(String topic, int partition, long offset) {
    static Place of(DeadLetter letter) {
        return new Place(letter.getTopic(), letter.getPartition(), letter.getOffset());
    }

    /** Whether there is a record there to speak of: some were given up before they reached a topic. */
    boolean isInATopic() {
        return partition >= 0 && offset >= 0;
    }

    @Override
    public String toString() {
        return isInATopic() ? topic + "-" + partition + " at " + offset : topic + ", never written";
    }
}
