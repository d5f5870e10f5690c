// Installs kubeconform where it is not there yet and prints its path: $(node tools/engines/kubeconform.mjs) -v
import { printGoTool } from './goTool.mjs';

export const KUBECONFORM = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';

if (process.argv[1] === import.meta.filename) printGoTool('kubeconform', KUBECONFORM);
