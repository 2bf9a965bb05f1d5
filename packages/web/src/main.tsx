import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./style/base.css";
import "./style/answer.css";
import "./style/path.css";
import "./style/evidence.css";
import "./style/estate.css";
import "./style/print.css";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
