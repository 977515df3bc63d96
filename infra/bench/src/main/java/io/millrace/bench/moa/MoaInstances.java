package io.millrace.bench.moa;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Examples as MOA's dense instances, the class last. Crosses are not among them: trees find their own. */
record MoaInstances(InstancesHeader header, Instance[] instances) {
    /** As MOA has it. */
    private static final double MISSING = Double.NaN;

    static MoaInstances of(DataSet data) {
        List<Attribute> attributes = new ArrayList<>(
                data.columns().stream().map(MoaInstances::attribute).toList());
        attributes.add(new Attribute("class", List.of("0", "1")));
        Instances set = new Instances(data.name(), attributes, 0);
        set.setClassIndex(attributes.size() - 1);
        InstancesHeader header = new InstancesHeader(set);
        Instance[] instances = new Instance[data.size()];
        for (int i = 0; i < instances.length; i++) {
            instances[i] = instance(data, i, header);
        }
        return new MoaInstances(header, instances);
    }

    private static Attribute attribute(Column column) {
        return column instanceof Column.Categorical categorical
                ? new Attribute(
                        column.name(),
                        IntStream.range(0, categorical.cardinality())
                                .mapToObj(categorical.texts())
                                .toList())
                : new Attribute(column.name());
    }

    private static Instance instance(DataSet data, int example, InstancesHeader header) {
        double[] values = new double[data.columns().size() + 1];
        for (int c = 0; c < data.columns().size(); c++) {
            values[c] = value(data.columns().get(c), example);
        }
        values[values.length - 1] = data.labels()[example] ? 1 : 0;
        Instance instance = new DenseInstance(1, values);
        instance.setDataset(header);
        return instance;
    }

    private static double value(Column column, int example) {
        if (column instanceof Column.Categorical categorical) {
            int code = categorical.codes()[example];
            return code == Column.MISSING ? MISSING : code;
        }
        return column instanceof Column.Numeric numeric ? numeric.values()[example] : MISSING;
    }
}
