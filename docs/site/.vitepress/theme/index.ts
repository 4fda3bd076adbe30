// The default theme with the reader's own fonts: nothing is loaded from elsewhere, and only equations have a font to wait for.
import theme from 'vitepress/theme-without-fonts';
import 'katex/dist/katex.min.css';
import { liveFigures } from './figures.ts';
import './figures.css';
import './style.css';
import './equations.css';

export default { extends: theme, setup: liveFigures };
