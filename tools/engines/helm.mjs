// Installs Helm where it is not there yet and prints its path: $(node tools/engines/helm.mjs) version
import { printGoTool } from './goTool.mjs';

export const HELM = 'helm.sh/helm/v3/cmd/helm@v3.22.0';

if (process.argv[1] === import.meta.filename) printGoTool('helm', HELM);
