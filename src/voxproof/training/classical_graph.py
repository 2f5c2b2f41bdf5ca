"""From scikit-learn to ONNX: a scaler and a logistic regression, an SVM or boosted trees as one small graph.

Written by hand with the operators of the domain ai.onnx.ml, which ONNX Runtime brings: three classifiers need no
converter as a dependency.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

OPSET = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
_LEAF = -1
_COLUMNS = (
    *("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes"),
    *("nodes_truenodeids", "nodes_falsenodeids", "target_treeids", "target_nodeids", "target_weights"),
)


def classical_graph(scaler: Any, classifier: Any) -> onnx.ModelProto:
    """`features` `(batch, values)` -> `scores` `(batch,)`, the classifier's decision function; positive: the class 1.

    `scaler` is a fitted `StandardScaler`, `classifier` a fitted `LogisticRegression`, `SVC` (kernel rbf) or
    `GradientBoostingClassifier` of two classes.
    """
    kind = type(classifier).__name__
    mean, deviation = np.asarray(scaler.mean_), np.asarray(scaler.scale_)
    tensors: dict[str, NDArray[Any]] = {"shape": np.array([-1], np.int64)}
    nodes: list[NodeProto] = []
    if kind == "GradientBoostingClassifier":
        nodes.append(_trees(classifier, mean, deviation))
    else:
        tensors |= {"mean": mean.astype(np.float32), "deviation": deviation.astype(np.float32)}
        nodes.append(helper.make_node("Sub", ["features", "mean"], ["centred"]))
        nodes.append(helper.make_node("Div", ["centred", "deviation"], ["scaled"]))
        if kind == "LogisticRegression":
            tensors["weights"] = np.asarray(classifier.coef_, np.float32).reshape(-1, 1)
            tensors["offset"] = np.asarray(classifier.intercept_, np.float32)
            nodes.append(helper.make_node("Gemm", ["scaled", "weights", "offset"], ["decision"]))
        elif kind == "SVC":
            nodes.append(_support_vectors(classifier))
        else:
            raise TypeError(f"no graph for a {kind}")
    nodes.append(helper.make_node("Reshape", ["decision", "shape"], ["scores"]))
    graph = helper.make_graph(
        nodes,
        "classical",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", len(mean)])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch"])],
        [numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=OPSET, ir_version=8)
    onnx.checker.check_model(model)
    return model


def _support_vectors(classifier: Any) -> NodeProto:
    if classifier.kernel != "rbf":
        raise TypeError(f"no graph for an SVC with the kernel {classifier.kernel}")
    return helper.make_node(
        "SVMRegressor",
        ["scaled"],
        ["decision"],
        domain="ai.onnx.ml",
        kernel_type="RBF",
        kernel_params=[float(classifier._gamma), 0.0, 0.0],  # "scale" and "auto" as fitted
        n_supports=len(classifier.support_vectors_),
        support_vectors=np.asarray(classifier.support_vectors_, np.float32).ravel().tolist(),
        coefficients=np.asarray(classifier.dual_coef_, np.float32).ravel().tolist(),
        rho=np.asarray(classifier.intercept_, np.float32).tolist(),
    )


def _trees(classifier: Any, mean: NDArray[np.float64], deviation: NDArray[np.float64]) -> NodeProto:
    """All trees as one node; the scaler is folded into their thresholds, so that it cannot round across one."""
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for number, stage in enumerate(classifier.estimators_[:, 0]):
        tree = stage.tree_
        for node in range(tree.node_count):
            leaf = tree.children_left[node] == _LEAF
            feature = 0 if leaf else int(tree.feature[node])
            threshold = 0.0 if leaf else _not_above(float(tree.threshold[node]) * deviation[feature] + mean[feature])
            columns["nodes_treeids"].append(number)
            columns["nodes_nodeids"].append(node)
            columns["nodes_featureids"].append(feature)
            columns["nodes_values"].append(threshold)
            columns["nodes_modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            columns["nodes_truenodeids"].append(0 if leaf else int(tree.children_left[node]))
            columns["nodes_falsenodeids"].append(0 if leaf else int(tree.children_right[node]))
            if leaf:
                columns["target_treeids"].append(number)
                columns["target_nodeids"].append(node)
                columns["target_weights"].append(classifier.learning_rate * float(tree.value[node, 0, 0]))
    prior = float(classifier.init_.class_prior_[1])
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["decision"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        base_values=[float(np.log(prior / (1 - prior)))],
        target_ids=[0] * len(columns["target_weights"]),
        **columns,
    )


def _not_above(value: float) -> float:
    """The largest float32 that is not above `value`: for a float32 x, x <= value then means the same."""
    single = np.float32(value)
    return float(np.nextafter(single, np.float32(-np.inf)) if float(single) > value else single)
