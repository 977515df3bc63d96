package io.millrace.features.job;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.spec.PipelineSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** Reads the bytes that the features of a job are kept as out of its savepoint. */
final class SavedEntities extends KeyedBroadcastProcessFunction<Long, Long, Long, Long> {
    private static final long serialVersionUID = 1L;
    private static final int HEADER = Long.BYTES + 1 + Long.BYTES + Long.BYTES;
    private static final ValueStateDescriptor<byte[]> ENTITY =
            new ValueStateDescriptor<>("entity", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    private static final MapStateDescriptor<Tuple2<Long, Long>, byte[]> TILES = new MapStateDescriptor<>(
            "tiles", Types.TUPLE(Types.LONG, Types.LONG), PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    private static final Map<String, String> FOUND = new ConcurrentHashMap<>();

    private static final int POSITION = 1 + Integer.BYTES + Long.BYTES;

    private final Map<Long, String> names;

    private SavedEntities(Map<Long, String> names) {
        this.names = names;
    }

    /** By entity and feature, and for those that have any, tile: the state in hexadecimal. */
    static synchronized Map<String, String> read(TestingFlink flink, Path savepoint, PipelineSpec spec)
            throws Exception {
        FOUND.clear();
        Map<Long, String> names = new TreeMap<>();
        for (AggregateGroup group : AggregateGroup.of(spec)) {
            for (int i = 0; i < group.aggregates().size(); i++) {
                names.put(group.definitions().get(i), group.aggregates().get(i).name());
            }
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(1);
        environment
                .fromData(0L)
                .keyBy(one -> one, Types.LONG)
                .connect(environment.fromData(0L).broadcast(new MapStateDescriptor<>("none", Types.LONG, Types.LONG)))
                .process(new SavedEntities(new ConcurrentHashMap<>(names)), Types.LONG)
                .uid("features")
                .sinkTo(new DiscardingSink<>());
        flink.run(environment, savepoint);
        return new TreeMap<>(FOUND);
    }

    @Override
    public void processElement(Long value, ReadOnlyContext context, Collector<Long> out) {}

    @Override
    public void processBroadcastElement(Long value, Context context, Collector<Long> out) throws Exception {
        context.applyToKeyedState(ENTITY, this::entity);
        context.applyToKeyedState(TILES, this::tiles);
    }

    private void entity(long key, ValueState<byte[]> state) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(state.value()).position(HEADER);
        in.getLong();
        // How far it reaches in topics, which a history is none of.
        int positions = in.getInt();
        in.position(in.position() + positions * POSITION);
        while (in.hasRemaining()) {
            String name = names.get(in.getLong());
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            FOUND.put(name + " of " + key, HexFormat.of().formatHex(bytes));
        }
    }

    private void tiles(long key, MapState<Tuple2<Long, Long>, byte[]> state) throws Exception {
        for (Map.Entry<Tuple2<Long, Long>, byte[]> tile : state.entries()) {
            FOUND.put(
                    names.get(tile.getKey().f0) + " of " + key + ", tile " + tile.getKey().f1,
                    HexFormat.of().formatHex(tile.getValue()));
        }
    }

    /** Those of some features. */
    static Map<String, String> of(Map<String, String> all, List<String> features) {
        Map<String, String> chosen = new TreeMap<>(all);
        chosen.keySet().removeIf(name -> !features.contains(name.substring(0, name.indexOf(' '))));
        return chosen;
    }
}
